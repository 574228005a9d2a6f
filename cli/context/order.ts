const NATURAL = new Intl.Collator("en", { numeric: true });

/** Compares names as people count: `robot-5` before `robot-49`. */
export const naturally = (a: string, b: string): number => NATURAL.compare(a, b);
