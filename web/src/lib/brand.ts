declare const brand: unique symbol;

/** A string or number that may not be mistaken for another of the same shape. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A type of the generated client with some of its properties told more exactly. */
export type Narrowed<Wire, Exact> = Omit<Wire, keyof Exact> & Exact;

export type ItemId = Brand<string, 'item'>;
export type MediaId = Brand<string, 'media'>;
export type ScanId = Brand<string, 'scan'>;
export type DetectionId = Brand<string, 'detection'>;
export type EntryId = Brand<string, 'entry'>;
export type FieldId = Brand<string, 'field'>;
export type JobId = Brand<string, 'job'>;
/** Weak ETag as the server sent it; goes back in If-Match. */
export type Etag = Brand<string, 'etag'>;
/** An instant in ISO 8601 with zone. */
export type Instant = Brand<string, 'instant'>;
/** A share of one, 0 to 1. */
export type Share = Brand<number, 'share'>;
/** Pixels of the upright original. */
export type Pixels = Brand<number, 'pixels'>;
