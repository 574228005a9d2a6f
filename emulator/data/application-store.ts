import { randomUUID } from "node:crypto";
import type { User } from "./client.ts";
import type { Store } from "./store.ts";

/** Who sees an application; it never decides who may log in. */
export interface Sharing {
  scope: "private" | "organization" | "groups";
  /** Names of groups of the organization; with scope `groups` only. */
  groups?: string[];
}

/** What a person or a program sets of an application. */
export interface ApplicationMembers {
  name: string;
  description?: string;
  app_url: string;
  thumbnail_url?: string;
  sharing: Sharing;
  pinned: boolean;
}

/** An application as it is stored. */
export interface Application extends ApplicationMembers {
  application_id: string;
  owner_id: string;
  created_at: string;
  updated_at: string;
}

interface Row {
  application_id: string;
  owner_id: string;
  organization_id: string;
  created_at: string;
  updated_at: string;
  members: string;
}

interface KeyUse {
  body_hash: string;
  application_id: string;
  created_at: number;
}

/** Applications, and the groups that they are shared with. */
export class ApplicationStore {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  find(applicationId: string): Application | undefined {
    const row = this.#store.one<Row>("SELECT * FROM applications WHERE application_id = ?", applicationId);
    return row && fromRow(row);
  }

  /** All of all users, oldest first. */
  all(): Application[] {
    return this.#store.all<Row>("SELECT * FROM applications ORDER BY created_at, application_id").map(fromRow);
  }

  /** Whether there is such an application. */
  give(applicationId: string, ownerId: string): boolean {
    return this.#store.run("UPDATE applications SET owner_id = ? WHERE application_id = ?", ownerId, applicationId) > 0;
  }

  /** Those that a user sees: their own, and what is shared with them. Oldest first. */
  seenBy(user: User): Application[] {
    const groups = this.groupsOf(user);
    return this.#inOrganization(user).filter((application) => sees(user, groups, application));
  }

  /** Those that a user owns, oldest first. */
  ownedBy({ user_id }: User): Application[] {
    return this.#store
      .all<Row>("SELECT * FROM applications WHERE owner_id = ? ORDER BY created_at, application_id", user_id)
      .map(fromRow);
  }

  /** Whether a user sees an application. */
  isSeenBy(user: User, application: Application): boolean {
    const owner = this.#store.user(application.owner_id);
    return owner?.organization_id === user.organization_id && sees(user, this.groupsOf(user), application);
  }

  create(owner: User, members: ApplicationMembers, key?: { value: string; body_hash: string }): Application {
    const id = `app_${randomUUID().replaceAll("-", "")}`;
    const time = new Date(this.#now()).toISOString();
    return this.#store.transaction(() => {
      this.#store.run(
        "INSERT INTO applications VALUES (?, ?, ?, ?, ?, ?)",
        ...[id, owner.user_id, owner.organization_id, time, time, JSON.stringify(members)],
      );
      if (key) {
        this.#store.run(
          "INSERT OR REPLACE INTO application_keys VALUES (?, ?, ?, ?, ?)",
          ...[owner.user_id, key.value, key.body_hash, id, this.#now()],
        );
      }
      return this.existing(id);
    });
  }

  /** As the one before, for an ID that is known to be there. */
  existing(id: string): Application {
    const application = this.find(id);
    if (application === undefined) throw new Error(`There is no application ${id}.`);
    return application;
  }

  update({ application_id, ...application }: Application, members: ApplicationMembers): Application {
    // Later than before even within one millisecond: readers compare it.
    const time = Math.max(this.#now(), Date.parse(application.updated_at) + 1);
    this.#store.run(
      "UPDATE applications SET members = ?, updated_at = ? WHERE application_id = ?",
      ...[JSON.stringify(members), new Date(time).toISOString(), application_id],
    );
    return this.existing(application_id);
  }

  delete(applicationId: string): void {
    this.#store.run("DELETE FROM applications WHERE application_id = ?", applicationId);
  }

  keyUse(ownerId: string, key: string): KeyUse | undefined {
    return this.#store.one("SELECT * FROM application_keys WHERE owner_id = ? AND key = ?", ownerId, key);
  }

  /** Names of the groups of a user's organization, sorted. */
  groups({ organization_id }: User): string[] {
    return this.#store
      .all<{ name: string }>(
        "SELECT DISTINCT g.name FROM group_members g JOIN users USING (user_id) WHERE organization_id = ? ORDER BY g.name",
        organization_id,
      )
      .map(({ name }) => name);
  }

  /** Names of the groups that a user belongs to. */
  groupsOf({ user_id }: User): string[] {
    return this.#store
      .all<{ name: string }>("SELECT name FROM group_members WHERE user_id = ?", user_id)
      .map(({ name }) => name);
  }

  #inOrganization({ organization_id }: User): Application[] {
    return this.#store
      .all<Row>(
        "SELECT * FROM applications WHERE organization_id = ? ORDER BY created_at, application_id",
        organization_id,
      )
      .map(fromRow);
  }
}

function sees(user: User, groups: readonly string[], { owner_id, sharing }: Application): boolean {
  if (owner_id === user.user_id || sharing.scope === "organization") return true;
  return sharing.scope === "groups" && (sharing.groups ?? []).some((name) => groups.includes(name));
}

function fromRow({ application_id, owner_id, created_at, updated_at, members }: Row): Application {
  const parsed: ApplicationMembers = JSON.parse(members);
  return { application_id, ...parsed, owner_id, created_at, updated_at };
}
