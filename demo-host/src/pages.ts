// The few pages of the demo host: who is signed in, with the banner of an impersonation, and the page that takes its code.
import type { RequestState } from '@cloudtolocalllm/admin-center-sdk/request-state';
import type { RequestUser } from './sign-in.ts';

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui;margin:0;color:#1b1f24}main{max-width:44rem;margin:2rem auto;padding:0 1rem}
.banner{background:#b42318;color:#fff;padding:.75rem 1rem;display:flex;gap:1rem;align-items:center;justify-content:center;flex-wrap:wrap}
button{font:inherit;padding:.4rem 1rem}dt{font-weight:600}</style></head><body>${body}</body></html>`;

const bannerOf = (state: RequestState | undefined, user: RequestUser | null): string => {
  const impersonation = state?.impersonation ?? null;
  return impersonation === null || user === null
    ? ''
    : `<div class="banner" role="alert"><span>You are acting as ${escape(user.email)} (${impersonation.scope === 'read' ? 'read only' : 'with some changes'}). Ends in ${Math.ceil(impersonation.remainingSeconds / 60)} min.</span>
<form method="post" action="/impersonate/end"><button>End now</button></form></div>`;
};

export function homePage(user: RequestUser | null, state: RequestState | undefined): string {
  const about =
    user === null
      ? '<p>Nobody is signed in.</p>'
      : `<dl><dt>Account</dt><dd>${escape(user.email)}</dd><dt>Name</dt><dd>${escape(user.name ?? '–')}</dd><dt>Plan</dt><dd>${escape(user.tier)}</dd></dl>`;
  return page('Acme', `${bannerOf(state, user)}<main><h1>Acme</h1>${about}</main>`);
}

/** The code is sent on a click only: whatever looks at a link must not use it up. */
export const handOffPage = (code: string): string =>
  page('Act as a user', `<main><h1>Act as a user</h1><p>Everything you do is recorded with your name.</p>
<form method="post" action="/impersonate"><input type="hidden" name="code" value="${escape(code)}"><button>Start</button></form></main>`);

export const refusedPage = (why: string): string => page('Not started', `<main><h1>Not started</h1><p>${escape(why)}</p></main>`);
