// The few pages of the demo host: who is signed in, with the banner of an impersonation, the page that takes its code, and
// the one that tells a user who looked at their account.
import type { Consent, Page, PastRequest, PastSession } from '@cloudtolocalllm/admin-center-sdk/impersonation/account';
import type { RequestState } from '@cloudtolocalllm/admin-center-sdk/request-state';
import type { RequestUser } from './sign-in.ts';

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui;margin:0;color:#1b1f24}main{max-width:44rem;margin:2rem auto;padding:0 1rem}
.banner{background:#b42318;color:#fff;padding:.75rem 1rem;display:flex;gap:1rem;align-items:center;justify-content:center;flex-wrap:wrap}
button{font:inherit;padding:.4rem 1rem}dt{font-weight:600}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #d0d7de;vertical-align:top}</style></head><body>${body}</body></html>`;

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
  const links = user === null ? '' : '<p><a href="/account/access">Who looked at my account</a></p>';
  return page('Acme', `${bannerOf(state, user)}<main><h1>Acme</h1>${about}${links}</main>`);
}

/** The code is sent on a click only: whatever looks at a link must not use it up. */
export const handOffPage = (code: string): string =>
  page('Act as a user', `<main><h1>Act as a user</h1><p>Everything you do is recorded with your name.</p>
<form method="post" action="/impersonate"><input type="hidden" name="code" value="${escape(code)}"><button>Start</button></form></main>`);

export const refusedPage = (why: string): string => page('Not started', `<main><h1>Not started</h1><p>${escape(why)}</p></main>`);

const when = (instant: string): string => `<time datetime="${escape(instant)}">${escape(instant.slice(0, 16).replace('T', ' '))} UTC</time>`;
const words = (code: string): string => escape(code.replaceAll('_', ' '));

function consentForm({ needed, until }: Consent): string {
  const button = (action: string, label: string): string => `<form method="post" action="/account/access-consent/${action}"><button>${label}</button></form>`;
  return until === null
    ? `<p>${needed ? 'Support asks you before it looks at your account. You have not agreed.' : 'Support may look at your account to help you. You see below when it did.'}</p>${needed ? button('give', 'Let support in for 24 hours') : ''}`
    : `<p>You let support in until ${when(until)}.</p>${button('withdraw', 'Take it back now')}`;
}

const sessionRow = ({ id, admin, reason, reasonClass, ticket, scope, startedAt, endedAt, endCause, requests, blocked }: PastSession): string => `<tr><td>${escape(admin)}</td>
<td>${when(startedAt)}<br>${endedAt === null ? 'under way' : `until ${when(endedAt)}, ${words(endCause ?? '')}`}</td>
<td>${words(reasonClass)}: ${escape(reason)}${ticket === null ? '' : ` (${escape(ticket)})`}</td>
<td><a href="/account/access/${escape(id)}">${requests} requests, ${blocked} refused</a><br>${scope === 'read' ? 'could only look' : 'could make some changes'}</td></tr>`;

export function accessPage(user: RequestUser, state: RequestState | undefined, consent: Consent, { items, nextCursor }: Page<PastSession>): string {
  const list = items.length === 0
    ? '<p>Nobody has looked at your account.</p>'
    : `<table><caption>Who acted as you</caption><thead><tr><th>Who</th><th>When</th><th>Why</th><th>What was done</th></tr></thead><tbody>${items.map(sessionRow).join('')}</tbody></table>`;
  const older = nextCursor === null ? '' : `<p><a href="?cursor=${encodeURIComponent(nextCursor)}">Older</a></p>`;
  return page('Who looked at my account', `${bannerOf(state, user)}<main><h1>Who looked at my account</h1>${consentForm(consent)}${list}${older}</main>`);
}

export function sessionPage(user: RequestUser, state: RequestState | undefined, { items }: Page<PastRequest>): string {
  const rows = items.map(({ at, method, route, status, blocked }) => `<tr><td>${when(at)}</td><td><code>${escape(method)} ${escape(route)}</code></td><td>${blocked ? 'refused' : status}</td></tr>`);
  const list = rows.length === 0 ? '<p>Nothing was asked for.</p>' : `<table><caption>Requests, oldest first</caption><thead><tr><th>When</th><th>What</th><th>Answer</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return page('What was done', `${bannerOf(state, user)}<main><h1>What was done</h1>${list}<p><a href="/account/access">Back</a></p></main>`);
}
