import type { Properties, ProviderCore } from "../host/provider-core.ts";
import { type Failure, failureText, reasonText } from "../kinds/failure.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Connection } from "../provider/connection.ts";
import { placeOf, stackOf } from "./place.ts";
import { seal, unseal } from "./secret-properties.ts";

/** What the engine asks to check. */
interface CheckedResource {
  urn: string;
  olds: Properties;
  news: Properties;
}

/** What a check has around it. */
interface Around {
  core: Pick<ProviderCore, "check">;
  connection: Connection;
  /** Of the stack; undefined where the provider was not configured. */
  identity: string | undefined;
  /** Places of the resources that were checked in this run, by URN: a replacement is checked without olds. */
  places: Map<string, string>;
  /** URNs of the resources of programs in other languages, which read the ID under CARTO's name. */
  readingId: Set<string>;
  /** What to report about a resource once it is known to be a preview, by URN. */
  advice: Map<string, string[]>;
}

/** Checks inputs and fills in defaults, and assigns the resource its place if the program did not. */
export async function checkResource(
  kind: Kind,
  { urn, olds, news }: CheckedResource,
  { core, connection, identity, places, readingId, advice }: Around,
): Promise<{ inputs: Properties; failures: Failure[] }> {
  const [before, { plain, secrets }] = [unseal(olds, connection.secrets).plain, unseal(news, connection.secrets)];
  const isOurProgram = plain.__key !== undefined; // it reviews what it declares, and knows its place
  if (!isOurProgram) readingId.add(urn);
  const known = before.__key ?? places.get(urn) ?? (identity && placeOf(identity, urn));
  const declared = isOurProgram || typeof known !== "string" ? plain : { ...plain, __key: `${known}@${stackOf(urn)}` };
  const { inputs, failures } = await core.check(urn, before, declared);
  if (typeof inputs.__key === "string") places.set(urn, inputs.__key);
  if (!isOurProgram && failures.length === 0) {
    const review = kind.review(plain, { policy: connection.configuration().policy });
    const told = review.advice.map((finding) => failureText(finding, secrets.size > 0));
    advice.set(urn, [...new Set(told)]);
  }
  // Reasons quote values, of other inputs too: with one secret among them none is shown.
  return {
    inputs: seal(inputs, secretInputs(kind, plain, secrets)),
    failures: failures.map((failure) => ({ ...failure, reason: reasonText(failure, secrets.size > 0) })),
  };
}

/** What is derived from a secret is a secret. */
function secretInputs(kind: Kind, news: Properties, secrets: ReadonlySet<string>): ReadonlySet<string> {
  if (secrets.size === 0) return secrets;
  const derived = Object.entries(kind.properties).filter(([name, { derive, local }]) => {
    return derive !== undefined && !local && (news[name] === undefined || news[name] === null);
  });
  return new Set([...secrets, ...derived.map(([name]) => name)]);
}
