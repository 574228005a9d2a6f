/** `/page.css` of every page. */
export const STYLE = `
:root { --blue: #0560c1; --navy: #162945; --line: #dde1e2; --soft: #5c6266; --red: #b81c3a; color-scheme: light }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, "Open Sans", sans-serif; color: #2c3032; background: #f8f9f9; margin: 0 }
header { background: var(--navy); color: #fff; padding: .6rem 2rem; display: flex; gap: 1rem; align-items: center }
header b { flex: 1; font-weight: 600 } header a { color: #fff } header form { margin: 0 }
main { max-width: 64rem; margin: 2rem auto; padding: 1.5rem 2rem 2rem; background: #fff; border: 1px solid var(--line); border-radius: 8px }
h1 { font-size: 1.5rem; margin: 0 0 1rem } small, .soft { color: var(--soft) } a { color: var(--blue) }
nav { display: flex; gap: 1.5rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem }
nav a { padding: .5rem 0; text-decoration: none; color: inherit } nav a[aria-current] { color: var(--blue); box-shadow: 0 2px var(--blue); font-weight: 600 }
table { width: 100%; border-collapse: collapse } th, td { text-align: left; padding: .6rem .5rem; border-bottom: 1px solid var(--line); vertical-align: middle }
th { color: var(--soft); font-weight: 600; font-size: .85rem } td.actions { white-space: nowrap; text-align: right }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere }
label, legend { font-weight: 600 } fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: .5rem 1rem 1rem }
input:not([type=checkbox]):not([type=radio]), textarea { display: block; width: 100%; font: inherit; padding: .45rem .6rem; border: 1px solid #7c8387; border-radius: 4px }
input[readonly] { font: 13px ui-monospace, monospace; background: #f8f9f9 } input[aria-invalid], textarea[aria-invalid] { border-color: var(--red) }
.choice label { font-weight: 400 } .row { display: flex; gap: .5rem; align-items: center } .row input { flex: 1 } .end { justify-content: flex-end; margin-top: 1.5rem }
button, .button { font: inherit; padding: .4rem 1rem; border: 1px solid var(--blue); border-radius: 4px; background: var(--blue); color: #fff; cursor: pointer; text-decoration: none; display: inline-block }
button.plain, .button.plain { background: #fff; color: var(--blue) } button.danger { background: var(--red); border-color: var(--red) }
header button { background: transparent; border-color: #fff } td .plain { padding: .15rem .6rem }
.cards { list-style: none; padding: 0; display: grid; gap: 1rem } .cards li { display: flex; gap: 1rem; border: 1px solid var(--line); border-radius: 8px; padding: 1rem } .cards h2 { font-size: 1.1rem; margin: 0 } .cards p { margin: .25rem 0 }
.thumbnail { flex: none; width: 64px; height: 64px; border-radius: 8px; background: var(--navy); color: #fff; font-size: 1.8rem; display: grid; place-items: center }
.error { color: var(--red) } .alert { border: 1px solid var(--red); border-radius: 6px; padding: .5rem 1rem; margin-bottom: 1rem }
`;

/** `/page.js` of the credentials page: copying, showing a secret, and the switch. Everything works without, save copying. */
export const SCRIPT = `
const status = document.querySelector("[role=status]");
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-copy], button[data-show]");
  if (!button) return;
  if (button.dataset.copy !== undefined) {
    await navigator.clipboard.writeText(button.dataset.copy);
    status.textContent = button.dataset.what + " copied";
  } else {
    const input = document.getElementById(button.dataset.show);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
  }
});
const toggle = document.querySelector("input[name=use_defaults]");
const lists = document.querySelector("#lists");
const follow = () => { lists.hidden = lists.disabled = toggle.checked };
if (toggle) { toggle.addEventListener("change", follow); follow() }
`;
