/** The page's only style sheet. Colours keep a contrast of 4.5 to 1 in both schemes; no colour carries a meaning alone. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --page: #ffffff; --card: #f6f8fa; --line: #d0d7de;
  --loss: #b3161f; --advice: #7d4e00; --good: #116329; --link: #0a56b5; }
@media screen and (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --page: #0d1117; --card: #161b22; --line: #3d444d;
  --loss: #ff8d85; --advice: #e3b341; --good: #56d364; --link: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.5rem 3rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; } h2 { font-size: 1.25rem; margin: 2rem 0 0.75rem; } h3 { font-size: 1.05rem; margin: 0; } h3 code { font-size: 1em; font-weight: 700; }
h4 { font-size: 0.9rem; margin: 0.75rem 0 0.25rem; color: var(--soft); } p { margin: 0.4rem 0; } ul { margin: 0.4rem 0; padding-left: 1.25rem; }
a { color: var(--link); } code { font: 0.9em/1.4 ui-monospace, monospace; direction: ltr; unicode-bidi: isolate; }
ins, del { text-decoration: none; } del code { text-decoration: line-through; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; background: var(--page); padding: 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { border-left: 0.4rem solid var(--good); padding: 0.5rem 1rem; background: var(--card); font-weight: 600; }
.verdict-invalid, .verdict-destructive, .verdict-exposure { border-color: var(--loss); } .verdict-advice, .verdict-incomplete { border-color: var(--advice); }
.headline { border: 1px solid var(--loss); border-left-width: 0.4rem; border-radius: 0.4rem; padding: 0.25rem 1rem 0.5rem; margin: 1rem 0; } .headline h2 { margin: 0.5rem 0; font-size: 1.1rem; }
.client { border: 1px solid var(--line); border-left-width: 0.4rem; border-radius: 0.4rem; background: var(--card);
  margin: 0.75rem 0; padding: 0.75rem 1rem; break-inside: avoid; }
.client.tone-loss, .client.tone-exposure, .client.tone-failure { border-left-color: var(--loss); } .client.tone-advice { border-left-color: var(--advice); }
.tag-loss, .line-loss, .line-exposure b, .line-failure b { color: var(--loss); font-weight: 600; } .line-advice b { color: var(--advice); } .line-quiet { color: var(--soft); }
.lines li { margin: 0.15rem 0; } summary { cursor: pointer; color: var(--soft); }
.tag { display: inline-block; border: 1px solid currentcolor; border-radius: 1rem; padding: 0 0.6rem; font-size: 0.8rem; font-weight: 400; }
.added, .line-added b { color: var(--good); } .removed, .line-removed b { color: var(--loss); } .place { color: var(--soft); font-size: 0.9em; }
form { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: end; border-block: 1px solid var(--line); padding: 0.75rem 0; margin-top: 1.5rem; }
label { display: grid; gap: 0.2rem; font-size: 0.9rem; } input, select { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft);
  border-radius: 0.3rem; padding: 0.3rem 0.5rem; min-width: 12rem; } [hidden] { display: none !important; }
.wide { overflow-x: auto; margin: 0.75rem 0 1.5rem; } table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: 0.25rem 0; font-weight: 600; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; } thead th, .group { background: var(--card); }
.wide { position: relative; overflow-wrap: break-word; } tbody th { font-weight: 400; min-width: 11rem; } .environments th { min-width: 6rem; } .environments td { white-space: normal; min-width: 9rem; }
.group { font-weight: 600; } td { white-space: nowrap; } .nowhere { color: var(--soft); }
footer { margin-top: 2rem; color: var(--soft); }
@media (max-width: 40rem) { body { padding: 0.75rem 0.75rem 2rem; } h1 { font-size: 1.3rem; } .headline, .client { padding-inline: 0.6rem; }
  ul { padding-left: 1rem; } label, input, select { width: 100%; } }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 0.85rem; } form, .skip { display: none !important; } .wide { overflow: visible; } td { white-space: normal; }
  a[href]::after { content: none; } }
`;
