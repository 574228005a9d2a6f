/** Whether a text names Regular Web Application, the third type in CARTO's older form. */
export function isRegularWeb(type: unknown): boolean {
  return typeof type === "string" && /^regular[-_ ]?web/i.test(type);
}

/** Why it is not offered, in CARTO's words, and what to use. */
export const REGULAR_WEB =
  'is not offered, because CARTO says that Regular Web Application "will be sunset soon". ' +
  'Use "spa" for an application whose users log in, or "m2m" for one whose server logs in by itself';
