/** The page's only script: it shows the filters, which need it, and hides what they leave out. */
export const SCRIPT = `
const form = document.querySelector("form");
const items = [...document.querySelectorAll("[data-terms]")];
const count = form.querySelector("output");
function apply() {
  const { text, environment, risk } = Object.fromEntries(new FormData(form));
  const words = text.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const item of items) {
    const { terms, environment: own, risk: risks } = item.dataset;
    const table = own === undefined;
    const fits = words.every((word) => terms.includes(word)) && (table || !environment || own.split(" ").includes(environment)) &&
      (table || !risk || risks.split(" ").includes(risk));
    item.hidden = !fits;
    if (fits && !table) shown += Number(item.dataset.clients);
  }
  for (const section of document.querySelectorAll("main > section")) {
    const own = [...section.querySelectorAll("[data-terms]")];
    section.hidden = own.length > 0 && own.every((item) => item.hidden);
  }
  const all = items.reduce((sum, item) => sum + Number(item.dataset.clients ?? 0), 0);
  count.textContent = shown + " of " + all + " changed clients shown";
}
form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("reset", () => setTimeout(apply));
form.addEventListener("submit", (event) => event.preventDefault());
apply();
`;
