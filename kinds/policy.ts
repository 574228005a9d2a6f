/** `"production"` refuses what `"standard"` only advises against. See docs/rules.md. */
export type Policy = "standard" | "production";
