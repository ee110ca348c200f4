/** What a member may do, the least first. */
export const roles = ['viewer', 'editor', 'owner'] as const;
