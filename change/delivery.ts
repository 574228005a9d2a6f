import { at, type Exposure, type Locate } from "./exposure.ts";

/** What a version of a client says of its deliveries; undefined: there is no such version. */
type Delivered = { deliveries?: readonly string[] } | undefined;

/** Deliveries that the older version did not have: each is a way out for a secret. */
export function deliveredExposures(older: Delivered, newer: Delivered, locate: Locate): Exposure[] {
  return (newer?.deliveries ?? []).flatMap((text, index) => {
    if (older?.deliveries?.includes(text)) return [];
    const property = `deliver[${index}]`;
    const reason = `\`up\` writes the credentials of this client to ${text}`;
    return [{ rule: "secret-delivered", property, reason, ...at(locate, property) }];
  });
}

/** Whether both versions are delivered to the same places, in the same order. */
export function isSameDelivery(older: Delivered, newer: Delivered): boolean {
  return JSON.stringify(older?.deliveries ?? []) === JSON.stringify(newer?.deliveries ?? []);
}
