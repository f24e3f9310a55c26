// What a host is told, as it travels: the parts of the policy in one signed document.

/** Whose requests a host refuses. */
export interface SessionPolicy {
  /** Users who are suspended. */
  readonly refusedUsers: readonly string[];
  /** Sessions that were ended, whatever the host's own tables say. */
  readonly endedSessions: readonly string[];
}
