// What a user is called. Hosts keep names of nothing but blanks, which are none.
interface Named {
  readonly name: string | null;
  readonly email: string;
}

/** Null where the host knows no name. */
export const givenName = ({ name }: Named): string | null => name?.trim() || null;

/** Their name, or the address that stands for it. */
export const nameOf = (user: Named): string => givenName(user) ?? user.email;
