import type { Lesson } from "./contract-lesson.ts";
import {
  ASSUMED_PATH,
  isOwn,
  type KnownValues,
  type Members,
  type SendRequest,
  Stop,
  Study,
} from "./contract-study.ts";
import { CartoError } from "./errors.ts";
import { tryCreate, tryKey } from "./learn-create.ts";
import { tryPaging } from "./learn-paging.ts";
import { tellLists, tryUpdate } from "./learn-update.ts";

/*
 * Learns how a tenant speaks where it differs from the assumed contract. Whatever it concludes follows from values that it knows: those that
 * it sent, the caller's ID, and those that change when it changes something. What no value shows is left open.
 */

/** Where else the clients may be. Only lists are asked for there, until one shows that it is of OAuth clients. */
const OTHER_PATHS = [
  "/oauth-clients",
  "/oauth/clients",
  "/oauth_clients",
  "/credentials",
  "/credentials/oauth_clients",
  "/clients",
  "/v1/credentials/oauth-clients",
  "/v1/oauth-clients",
  "/v1/oauth/clients",
  "/v2/credentials/oauth-clients",
  "/v2/oauth-clients",
  "/v2/oauth/clients",
];

/**
 * Learns the contract with throwaway clients, which it deletes at the end, whatever happened.
 *
 * @param signal aborted: nothing more is tried, and what was created is deleted
 * @param left called with what could not be deleted
 */
export async function learnContract(
  send: SendRequest,
  known: KnownValues,
  signal: AbortSignal,
  left: (message: string) => void,
): Promise<Lesson> {
  const study = new Study(send, known, signal);
  try {
    await findCollection(study);
    await tryCreate(study);
    await tryKey(study);
    await tryUpdate(study);
    await tellLists(study);
    await tryPaging(study);
    await tryDelete(study);
    study.lesson.complete = true;
  } catch (error) {
    if (!(error instanceof CartoError)) throw error;
    // Messages of other errors name hosts, which a draft must not.
    const status = error.status === undefined ? "" : `, ${error.status}`;
    const message = error instanceof Stop ? error.message : `the rest: a call failed (${error.code}${status})`;
    study.lesson.unknown.push(message);
  } finally {
    study.cleaning = true;
    const message = await cleanUp(study);
    if (message !== undefined) left(message);
  }
  return study.lesson;
}

/** Finds the path that lists OAuth clients, and the member that they are in. */
async function findCollection(study: Study): Promise<void> {
  let unclear: string | undefined;
  for (const path of [ASSUMED_PATH, ...OTHER_PATHS]) {
    const answer = await study.ask("GET", path);
    const found = answer && answer.status < 300 ? study.listIn(answer.body) : undefined;
    if (found === undefined) continue;
    const shown = evidence(study, found.items);
    if (path !== ASSUMED_PATH && shown === undefined) {
      unclear ??= path;
      continue;
    }
    study.path = path;
    study.data = found.name;
    const why = `a list call answered there, and ${shown}`;
    study.learn("paths", "collection", path, why);
    if (found.name !== "data") study.learn("list", "data", found.name, "the only list in the answer to a list call");
    return;
  }
  throw new Stop(
    unclear === undefined
      ? `no list of OAuth clients was found at ${ASSUMED_PATH} or at ${OTHER_PATHS.length} other paths, so nothing was created`
      : `${unclear} answers with a list, but nothing in it shows that it is of OAuth clients, so nothing was created there: create a client in CARTO's web UI, then run this again`,
  );
}

/** @returns what may be left at CARTO */
async function cleanUp(study: Study): Promise<string | undefined> {
  if (!study.mayExist) return undefined;
  const { name } = study.known;
  try {
    const listed = study.listIn((await study.ask("GET", study.path))?.body)?.items ?? [];
    const own = listed.filter((item) => Object.values(item).some((value) => isOwn(value, name)));
    for (const item of own) {
      const id = await study.idOf(item);
      if (id === undefined) return `the client "${name}" is left at CARTO: delete it there`;
      study.created.add(id.value);
    }
    for (const id of study.created) {
      const answer = await study.ask("DELETE", study.one(id));
      const read = answer && answer.status < 300 ? undefined : await study.ask("GET", study.one(id));
      if (read && read.status < 300) return `the client ${id} ("${name}") is left at CARTO: delete it there`;
    }
    const known = study.first === undefined || study.id !== "";
    return known || own.length > 0 ? undefined : `the client "${name}" may be left at CARTO: delete it there`;
  } catch (error) {
    if (!(error instanceof CartoError)) throw error;
    return `the client "${name}" may be left at CARTO: delete it there. ${error.message}`;
  }
}

async function tryDelete(study: Study): Promise<void> {
  const answer = await study.ask("DELETE", study.one(study.id));
  if (!answer || answer.status >= 300) throw new Stop(`a delete was refused (${answer?.status ?? "no answer"})`);
  const after = await study.ask("GET", study.one(study.id));
  if (after && after.status >= 400) study.created.delete(study.id);
  study.refusal("not_found", after?.status, "a read of a deleted client");
}

/** What shows that items are OAuth clients. */
function evidence(study: Study, items: readonly Members[]): string | undefined {
  const values = items.flatMap((item) => Object.values(item));
  const { ownClientId } = study.known;
  if (ownClientId !== undefined && values.includes(ownClientId))
    return "it lists the client that the caller logs in with";
  return items.length > 0 &&
    items.every((item) => Object.values(item).some((value) => value === "spa" || value === "m2m"))
    ? 'every item has the type "spa" or "m2m"'
    : undefined;
}
