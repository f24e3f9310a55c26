// Files that follow from the contracts and belong to no other workspace: the tables in the docs.
import { capabilityPages } from './src/capability-docs.ts';

/** Path from the repository's root → content. */
export const generate = capabilityPages;
