import type { User } from "../data/client.ts";
import { Html, html } from "../http/html.ts";

/** Radio buttons, one per user. */
export function userRadios(users: User[]): Html {
  const radios = users.map(
    ({ user_id, name, email }, index) => html`<p><label><input type="radio" name="user" value="${user_id}" required
      ${new Html(index === 0 ? "checked" : "")}> ${name} <small>${email}</small></label></p>`,
  );
  return html`<fieldset class="choice"><legend>Continue as</legend>${radios}</fieldset>`;
}
