import { defaultUrls } from "../kinds/oauth-client/oauth-client.ts";
import { equal, isTexts, isTime, LOGIN_URL, type Members, Stop, type Study } from "./contract-study.ts";
import { updatedName } from "./probe-name.ts";

const DEFAULTS = defaultUrls(LOGIN_URL);
/** The lists of URLs, and what they are when only the login URL is given. */
const LISTS: readonly [string, readonly string[]][] = [
  ["callbacks", DEFAULTS.allowedCallbackUrls],
  ["logout_urls", DEFAULTS.allowedLogoutUrls],
  ["web_origins", DEFAULTS.allowedWebOrigins],
  ["allowed_origins", DEFAULTS.allowedOrigins],
];

/** Updates the client, and tells its times apart. */
export async function tryUpdate(study: Study): Promise<void> {
  const name = updatedName(study.known.name);
  const title = study.word("title");
  const answer = await study.change({ [title]: name });
  if (!answer || answer.status >= 300) throw new Stop(`an update was refused (${answer?.status ?? "no answer"})`);
  const now = await study.read();
  if (now?.[title] !== name) study.open(`whether updates of ${title} take effect: a read still has the old value`);
  times(study, study.firstAnswer().answer, now ?? {});
  const refused = await study.change({ [study.word("login_uri")]: "not a URL" });
  study.refusal("invalid_request", refused?.status, "a login URL that is not a URL");
}

function times(study: Study, before: Members, after: Members): void {
  const isAssumed = ["created_at", "updated_at"].map((name) => typeof after[name] === "string");
  if (isAssumed.every(Boolean)) return;
  const times = study.names(after).filter((name) => isTime(after[name]));
  for (const [name, moves] of [
    ["created_at", false],
    ["updated_at", true],
  ] as const) {
    if (typeof after[name] === "string") continue;
    const found = times.filter(
      (one) => (before[one] !== after[one]) === moves && !(one in { created_at: 0, updated_at: 0 }),
    );
    const [only] = found;
    const why = moves ? "the only time that an update changed" : "the only time that an update left as it was";
    if (found.length === 1 && only !== undefined && times.length === 2) study.learn("members", name, only, why);
    else study.open(`the name of ${name}`);
  }
}

/** Tells the four lists apart: by name, else as the only one left with its default, then by changing them. */
export async function tellLists(study: Study): Promise<void> {
  const answer = study.firstAnswer().answer;
  const missing = LISTS.filter(([name]) => !isTexts(answer[name]));
  const others = study.names(answer).filter((name) => isTexts(answer[name]) && !(name in Object.fromEntries(LISTS)));
  for (const [name, value] of missing) {
    const same = missing.filter(([, other]) => equal(other, value));
    const matching = others.filter((other) => equal(answer[other], value));
    const [found] = matching;
    if (same.length === 1 && matching.length === 1 && found !== undefined) {
      const changed = [`${value[0]}${name === "callbacks" || name === "logout_urls" ? "/other" : ":8443"}`];
      await study.change({ [found]: changed });
      if (equal((await study.read())?.[found], changed)) {
        const why = "the only other list that a login URL alone fills with the same default, and an update changed it";
        study.learn("members", name, found, why);
        continue;
      }
    }
    const which = matching.length === 0 ? "" : ` (left over: ${matching.join(", ")})`;
    study.open(`the name of ${name}${which}`);
  }
}
