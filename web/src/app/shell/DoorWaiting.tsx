/** A door that opens in a moment: an empty page, not the shelves of the room behind it. */
export function DoorWaiting() {
  return <main aria-busy style={{ minHeight: '100dvh' }} />;
}
