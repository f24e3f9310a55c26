// The sign-in page: plain HTML with one button for each person, readable in both themes and without scripts.
import type { Theme } from './cookies.ts';
import { LATIN_LETTERS, OTHER_LETTERS } from './fonts.ts';
import { html, trusted, type Markup } from './html.ts';
import type { Person } from './people.ts';

export interface SignInPage {
  readonly theme: Theme;
  readonly people: readonly Person[];
  /** Where to go afterwards; a local path. */
  readonly redirectTo: string;
}

export function signInPage({ theme, people, redirectTo }: SignInPage): string {
  const other = theme === 'dark' ? 'light' : 'dark';
  return html`<!doctype html>
<html lang="en" class="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in - Admin Center</title>
<style>${OTHER_LETTERS}
${LATIN_LETTERS}
${trusted(STYLE)}</style>
</head>
<body>
<form method="post" action="/theme" class="theme">
<input type="hidden" name="theme" value="${other}">
<input type="hidden" name="returnTo" value="/login?redirectTo=${encodeURIComponent(redirectTo)}">
<button>${other === 'light' ? 'Light theme' : 'Dark theme'}</button>
</form>
<main>
<h1>Admin Center</h1>
<p>Standalone shell. Choose who you are; there is no password, so this page answers on this machine only.</p>
<form method="post" action="/login">
<input type="hidden" name="redirectTo" value="${redirectTo}">
<ul>
${people.map(personButton)}
</ul>
</form>
</main>
</body>
</html>
`.markup;
}

const personButton = ({
  login,
  name,
  email,
  orgRole,
}: Person): Markup => html`<li><button name="login" value="${login}">
<span class="initials" aria-hidden="true">${initials(name)}</span>
<span class="who"><strong>${name}</strong><span>${email}</span></span>
<span class="role">${orgRole}</span>
</button></li>
`;

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase())
    .slice(0, 2)
    .join('');

const STYLE = `
.dark { color-scheme: dark; --canvas: #111217; --card: #181b1f; --line: #2e3037; --text: #ccccdc; --muted: #9d9fa9; --hover: #22252b; --accent: #6e9fff; --avatar: #2c3c5c; }
.light { color-scheme: light; --canvas: #fbfbfb; --card: #fff; --line: #dcdde0; --text: #24292e; --muted: #5d6066; --hover: #f1f3f6; --accent: #1f62e0; --avatar: #dbe7ff; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--canvas); color: var(--text); font: 14px/1.57 Inter, Helvetica, Arial, sans-serif; }
main { width: min(440px, 100%); padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
h1 { margin: 0 0 4px; font-size: 24px; font-weight: 500; }
p { margin: 0 0 24px; color: var(--muted); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
button:hover { background: var(--hover); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
li button { width: 100%; display: flex; align-items: center; gap: 12px; padding: 10px 12px; text-align: left; }
.initials { flex: none; display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; background: var(--avatar); font-weight: 500; }
.who { flex: 1; min-width: 0; display: grid; }
.who strong { font-weight: 500; }
.who span { color: var(--muted); overflow: hidden; text-overflow: ellipsis; }
.role { color: var(--muted); font-size: 12px; }
.theme { position: fixed; top: 12px; right: 12px; }
.theme button { padding: 4px 12px; color: var(--muted); background: var(--card); }
`;
