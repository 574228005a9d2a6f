import type { Answer } from "./answer.ts";

/** Text that is safe to send as HTML. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A template whose values are escaped unless they are HTML already. */
export function html(strings: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  return new Html(strings.reduce((text, part, index) => text + markup(values[index - 1] ?? "") + part));
}

function markup(value: string | number | Html | Html[]): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(markup).join("");
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; color: #2c3032; background: #f8f9f9; margin: 0 }
  main { max-width: 60rem; margin: 2rem auto; padding: 1.5rem 2rem; background: #fff; border: 1px solid #dde1e2; border-radius: 8px }
  small { color: #5c6266 }
  button { font: inherit; padding: .4rem 1rem; border: 1px solid #036fe2; border-radius: 4px; background: #036fe2; color: #fff; cursor: pointer }
`;

/** A whole page; nothing on it comes from elsewhere, and only itself may receive its forms. */
export function page(title: string, main: Html, status = 200): Answer {
  return {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Frame-Options": "DENY",
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
    body: html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · CARTO emulator</title>
<style>${new Html(STYLE)}</style></head>
<body><main>${main}</main></body>
</html>
`.text,
  };
}
