/** Changelogs for readers: what a changeset says, without hashes, and no lists of dependencies that were raised. */
export default {
  getReleaseLine: async ({ summary }) => summary.trim(),
  getDependencyReleaseLine: async () => '',
}
