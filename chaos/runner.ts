/** What runs a stack on the real engine: a program in JavaScript, the command with a manifest, or a program in YAML on the plugin. */
export const RUNNERS = ["program", "command", "plugin"] as const;

/** One of {@link RUNNERS}. */
export type Runner = (typeof RUNNERS)[number];
