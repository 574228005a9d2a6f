import { randomUUID } from "node:crypto";
import {
  ASSUMED_PATH,
  isOwn,
  isTime,
  LOGIN_URL,
  type Members,
  membersOf,
  SECRET_NAME,
  Stop,
  type Study,
} from "./contract-study.ts";
import { updatedName } from "./probe-name.ts";

/** Names that are tried when a refusal names them. */
const OTHER_NAMES: Record<string, readonly string[]> = {
  type: ["type", "kind", "client_type", "clientType", "app_type", "application_type", "applicationType"],
  title: ["title", "name", "label", "display_name", "displayName", "client_name", "clientName"],
  login_uri: [
    "login_uri",
    "login_url",
    "loginUri",
    "loginUrl",
    "application_login_url",
    "applicationLoginUrl",
    "initiate_login_uri",
  ],
};

/** Creates a client, with the names that refusals give where the assumed ones are refused. */
export async function tryCreate(study: Study): Promise<void> {
  const before = await study.envelope();
  for (let attempt = 0; attempt < 8; attempt++) {
    const body = study.declaration(study.known.name);
    const key = randomUUID();
    study.mayExist = true;
    const answer = await study.ask(study.createMethod, study.path, body, key);
    const { status } = answer ?? { status: 0 };
    if (answer && status >= 200 && status < 300) {
      study.first = { body, key, answer: membersOf(answer.body), total: before, status };
      return readCreated(study);
    }
    if (status === 405 && study.createMethod === "POST") study.createMethod = "PUT";
    else if (!((status === 400 || status === 422) && renameAfter(study, answer?.body)))
      throw new Stop(
        `a create was refused (${status}), and the refusal does not show why: nothing more could be tried`,
      );
  }
  throw new Stop("a create was refused with every name that the refusals gave");
}

async function readCreated(study: Study): Promise<void> {
  const { answer } = study.firstAnswer();
  if (!study.names(answer).some((name) => isOwn(answer[name], study.known.name)))
    throw new Stop(
      "the answer to a create does not hold the name sent, so a contract cannot describe it: other envelopes than an object with the client's members are not supported",
    );
  study.byValue("title", study.known.name, answer, "it holds the name that was sent");
  study.byValue("type", "spa", answer, 'it holds the type "spa" that was sent');
  study.byValue("login_uri", LOGIN_URL, answer, "it holds the login URL that was sent");
  const id = await study.idOf(answer);
  if (id === undefined) throw new Stop("no member of the answer to a create could be used as the ID in a read");
  study.id = id.value;
  study.created.add(id.value);
  study.learn("members", "client_id", id.name, "a read with its value found the client");
  if (study.path !== ASSUMED_PATH)
    study.learn("paths", "one", `${study.path}/{id}`, "a read of the created client succeeded there");
  if (study.createMethod !== "POST")
    study.learn("methods", "create", "PUT", "POST was answered 405, and PUT created a client");
  const { userId } = study.known;
  if (userId === undefined) unlessPresent(study, "owner_id", answer);
  else study.byValue("owner_id", userId, answer, "it holds the calling user's ID");
  secret(study, answer);
}

/** A secret's value is not known: only its name can say what it is. */
function secret(study: Study, answer: Members): void {
  if (typeof answer.client_secret === "string") return;
  const named = study.names(answer).filter((name) => SECRET_NAME.test(name) && typeof answer[name] === "string");
  const [name] = named;
  const because = "the only member of a create's answer with such a name; its value was not tried";
  if (named.length === 1 && name !== undefined) {
    study.learn("members", "client_secret", name, because);
    return;
  }
  const taken = new Set(Object.values(study.words));
  const rest = study
    .names(answer)
    .filter((one) => typeof answer[one] === "string" && !taken.has(one) && !isTime(answer[one]));
  study.open(
    `the name of client_secret${rest.length === 0 ? ": no answer has one" : ` (left over: ${rest.join(", ")})`}`,
  );
}

/** A name that the refusal gives for a member that was sent under another. */
function renameAfter(study: Study, body: unknown): boolean {
  const given = new Set(JSON.stringify(body ?? "").match(/[A-Za-z]\w*/g) ?? []);
  const member = Object.keys(OTHER_NAMES).find((name) => other(study, name, given) !== undefined);
  const word = member && other(study, member, given);
  if (member === undefined || word === undefined) return false;
  study.words[member] = word;
  return true;
}

function other(study: Study, member: string, given: ReadonlySet<string>): string | undefined {
  const names = OTHER_NAMES[member] ?? [];
  // Onwards only, so that it ends.
  return names.slice(names.indexOf(study.word(member)) + 1).find((name) => given.has(name));
}

/** Repeats the idempotency key of the create, also with another body. */
export async function tryKey(study: Study): Promise<void> {
  const { body, key, status: firstStatus } = study.firstAnswer();
  const answer = await study.ask(study.createMethod, study.path, body, key);
  if (!answer || answer.status >= 300) return study.open("how a repeated idempotency key is answered");
  if (membersOf(answer.body)[study.word("client_id")] !== study.id) {
    await noteTwin(study, answer.body);
    return study.open("how a repeated or misused idempotency key is answered: keys are not honoured");
  }
  if (answer.status === firstStatus) study.open("the status of a repeated idempotency key: it is that of a create");
  else study.learn("statuses", "existed", answer.status, "a create with the same idempotency key was answered so");
  const other = await study.ask(study.createMethod, study.path, study.declaration(updatedName(study.known.name)), key);
  if (other && other.status < 300) await noteTwin(study, other.body);
  study.refusal("conflict", other?.status, "an idempotency key with another body");
}

/** What a repeated create made is deleted at the end, but only if a read shows that it is the probe's: an answer may name any client. */
async function noteTwin(study: Study, body: unknown): Promise<void> {
  const twin = await study.idOf(membersOf(body));
  if (twin !== undefined) study.created.add(twin.value);
}

function unlessPresent(study: Study, entry: string, answer: Members): void {
  if (typeof answer[entry] !== "string") study.open(`the name of ${entry}`);
}
