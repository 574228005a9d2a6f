/**
 * The engine protocol's mark for a value that is not known before the update, at any depth, even in place of a list.
 *
 * @see `runtime/rpc` of `@pulumi/pulumi`: `unknownValue`
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything in it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  return value === UNKNOWN || (Array.isArray(value) && value.some(hasUnknown));
}

/** Whether a value is the mark itself. */
export const isUnknownMark = (value: unknown): boolean => value === UNKNOWN;
