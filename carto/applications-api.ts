import type { z } from "zod";
import type { CartoErrorCode } from "../error/error-code.ts";
import type { Sharing, StoredApplication } from "../kinds/application/application.ts";
import { nearestName } from "../kinds/nearest-name.ts";
import type { AccessToken } from "./access-token.ts";
import {
  type NewApplication,
  propertyOf,
  toModel,
  toWire,
  WireApplication,
  WireError,
  WireGroups,
  WirePage,
} from "./applications-wire.ts";
import { CartoError } from "./errors.ts";
import type { Credential, HttpAnswer, HttpRequest } from "./http.ts";

/*
 * CARTO's REST API for applications: this file knows its paths and methods, applications-wire.ts its members, and no other file knows
 * either. CARTO publishes no reference for it: both are assumed, and written down in docs/applications-api.yaml.
 */

const PAGE_SIZE = 100;
const UNKNOWN_GROUP = /^sharing\.groups\[(\d+)\]$/;

const CODE_OF_STATUS: Record<number, CartoErrorCode> = {
  400: "invalid_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
};

/** What came of a create: the application, or the ID of the one that the key created with another declaration. */
export type ApplicationCreation =
  | { application: StoredApplication; existed: boolean; repeated: boolean }
  | { takenBy: string; cause: CartoError };

/** The calls on applications, for the calling user. All throw what {@link Http.request} throws as well. */
export class ApplicationsApi {
  readonly #baseUrl: string;
  readonly #url: string;
  readonly #token: AccessToken;
  readonly #destination: Pick<Credential, "namedBy" | "trust">;

  /**
   * @param baseUrl the tenant's workspace API, without trailing slash
   * @param destination who names that URL, and which hosts are trusted
   */
  constructor(baseUrl: string, token: AccessToken, destination: Pick<Credential, "namedBy" | "trust">) {
    this.#destination = destination;
    this.#baseUrl = baseUrl;
    this.#url = `${baseUrl}/applications`;
    this.#token = token;
  }

  /** All that the calling user owns, oldest first: one call per 100. */
  async list(): Promise<StoredApplication[]> {
    const subject = "Listing applications";
    const applications: StoredApplication[] = [];
    for (let page = 1; ; page++) {
      const url = `${this.#url}?owned=true&page=${page}&page_size=${PAGE_SIZE}`;
      const answer = await this.#call({ subject, method: "GET", url, repeatable: true });
      const { data, page_size: size, total } = this.#parse(WirePage, answer, subject);
      applications.push(...data.map(toModel));
      if (applications.length >= total || data.length < size) return applications;
    }
  }

  /** @returns undefined when the calling user sees no such application */
  async get(id: string): Promise<StoredApplication | undefined> {
    const subject = `Reading application ${id}`;
    try {
      const answer = await this.#call({ subject, method: "GET", url: this.#urlOf(id), repeatable: true });
      return toModel(this.#parse(WireApplication, answer, subject));
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") return undefined;
      throw error;
    }
  }

  /**
   * @param key the idempotency key; undefined where the API is said not to honour one
   * @throws CartoError `create_unconfirmed` When the answer was lost and nothing says whether the application exists.
   */
  async create(application: NewApplication, key: string | undefined): Promise<ApplicationCreation> {
    const subject = `Creating the application ${JSON.stringify(application.name)}`;
    const body = Object.fromEntries(Object.entries(toWire(application)).filter(([, value]) => value !== null));
    const request: HttpRequest = {
      subject,
      method: "POST",
      url: this.#url,
      headers: key === undefined ? {} : { "idempotency-key": key },
      body: JSON.stringify(body),
      repeatable: key !== undefined,
    };
    try {
      const answer = await this.#call(request, application.sharing);
      const created = toModel(this.#parse(WireApplication, answer, subject));
      return { application: created, existed: answer.status === 200, repeated: answer.unconfirmed };
    } catch (error) {
      if (error instanceof Taken) return { takenBy: error.applicationId, cause: error };
      const lost = error instanceof CartoError && error.unconfirmed;
      throw key === undefined && lost ? unconfirmed(subject, error) : error;
    }
  }

  /**
   * @throws CartoError `not_found` When the calling user sees no such application; `forbidden` When it sees it and does not own it.
   */
  async update(id: string, change: Partial<NewApplication>): Promise<StoredApplication> {
    const subject = `Updating application ${id}`;
    const body = JSON.stringify(toWire(change));
    // Every member is set whole.
    const request: HttpRequest = { subject, method: "PATCH", url: this.#urlOf(id), body, repeatable: true };
    return toModel(this.#parse(WireApplication, await this.#call(request, change.sharing), subject));
  }

  /**
   * @returns whether there was such an application that the calling user sees
   * @throws CartoError `forbidden` When the calling user does not own it.
   */
  async delete(id: string): Promise<boolean> {
    const subject = `Deleting application ${id}`;
    try {
      await this.#call({ subject, method: "DELETE", url: this.#urlOf(id), repeatable: true });
      return true;
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") return false;
      throw error;
    }
  }

  #urlOf(id: string): string {
    return `${this.#url}/${encodeURIComponent(id)}`;
  }

  async #call(request: HttpRequest, sharing?: Sharing): Promise<HttpAnswer> {
    const json = request.body === undefined ? {} : { "content-type": "application/json" };
    const answer = await this.#token.send({ ...request, headers: { ...request.headers, ...json } }, this.#destination);
    if (answer.status < 400) return answer;
    const wire = WireError.safeParse(answer.body);
    const { application_id: takenBy, issues = [] } = wire.success ? wire.data : {};
    // Where no application was named, 404 speaks of the API itself.
    if (answer.status === 404 && !request.url.startsWith(`${this.#url}/`)) {
      const what = `there is no applications API at ${this.#url} (404). Check carto:credentialsUrl, or unset it to have it discovered.`;
      throw new CartoError("unexpected_answer", `${request.subject}: ${what}`, { status: 404 });
    }
    const known = issues.some(({ path }) => UNKNOWN_GROUP.test(path)) ? await this.groups().catch(() => []) : [];
    const reasons = issues.map(({ path, message }) => `${propertyOf(path)}: ${message}${meant(path, sharing, known)}`);
    const code = CODE_OF_STATUS[answer.status] ?? "unexpected_answer";
    const text = `${request.subject}: ${refusalText(code, answer.status, reasons)}`;
    const details = { status: answer.status, unconfirmed: answer.unconfirmed };
    if (answer.status === 409 && takenBy !== undefined) throw new Taken(text, details, takenBy);
    throw new CartoError(code, text, details);
  }

  /** Names of the groups of the organization. */
  async groups(): Promise<string[]> {
    const subject = "Listing groups";
    const answer = await this.#token.send(
      { subject, method: "GET", url: `${this.#baseUrl}/groups`, repeatable: true },
      this.#destination,
    );
    return this.#parse(WireGroups, answer, subject).data.map(({ name }) => name);
  }

  #parse<T>(schema: z.ZodType<T>, answer: HttpAnswer, subject: string): T {
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.map((issue) => issue.path.join(".") || "the body").join(", ");
    throw new CartoError(
      "unexpected_answer",
      `${subject}: the answer breaks the assumed contract at ${paths}. Compare docs/applications-api.yaml with your tenant.`,
      { status: answer.status, unconfirmed: true },
    );
  }
}

/** The idempotency key created an application that was declared otherwise. */
class Taken extends CartoError {
  readonly applicationId: string;

  constructor(message: string, details: { status: number; unconfirmed: boolean }, applicationId: string) {
    super("conflict", message, details);
    this.applicationId = applicationId;
  }
}

/** The group that was probably meant. */
function meant(path: string, sharing: Sharing | undefined, known: readonly string[]): string {
  const index = UNKNOWN_GROUP.exec(path)?.[1];
  const name = typeof sharing === "object" && index !== undefined ? sharing.groups[Number(index)] : undefined;
  if (name === undefined) return "";
  const near = nearestName(name, known);
  return ` (${JSON.stringify(name)}${near === undefined ? "" : `; write ${JSON.stringify(near)}`})`;
}

function refusalText(code: CartoErrorCode, status: number, reasons: readonly string[]): string {
  switch (code) {
    case "invalid_request":
      return `CARTO refused the request (400)${reasons.length ? `: ${reasons.join("; ")}` : ""}. Correct the declaration.`;
    case "unauthorized":
      return 'the access token was refused (401). Check that it has not expired and that its audience is "carto-cloud-native-api".';
    case "forbidden":
      return "the calling user may not do this (403). Editors and above create applications, and only the owner changes or deletes one.";
    case "not_found":
      return "the calling user sees no such application (404). It was deleted, or belongs to another user. After a deletion run `pulumi refresh`.";
    case "conflict":
      return "the idempotency key was used for another declaration (409). Run `pulumi up` again.";
    default:
      return `CARTO answered ${status}, which the assumed contract does not know.`;
  }
}

function unconfirmed(subject: string, cause: unknown): CartoError {
  return new CartoError(
    "create_unconfirmed",
    `${subject}: no usable answer came, so the application may exist. Look for it in the Workspace, delete or import it, then run again.`,
    { cause },
  );
}
