const NAMES = [
  'ProcessPhoto',
  'ReadDetections',
  'ProcessMedia',
  'SweepMedia',
  'SweepSpaceMedia',
  'ImportCatalogue',
  'DescribeReferences',
  'EmbedDocuments',
] as const;

/** The commands that we have words for; of another one its bare name is shown. */
export const jobName = (name: string): (typeof NAMES)[number] | null =>
  NAMES.find((known) => known === name) ?? null;
