interface Word {
  /** What this tab goes by. */
  get: () => string | null;
  /** Changes it for this tab, and for the others as soon as they have heard of it. */
  set: (value: string | null) => void;
}

const changed: (() => boolean)[] = [];

/** A word that the tabs of a browser share; this tab keeps to it until it starts anew. */
export function sharedWord(key: string): Word {
  let mine = localStorage.getItem(key);
  changed.push(() => localStorage.getItem(key) !== mine);
  return {
    get: () => mine,
    set: (value) => {
      mine = value;
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    },
  };
}

/** Another tab is another person's or in another space by now: what this one shows is not theirs. */
export const isOvertaken = (): boolean => changed.some((differs) => differs());

/** Calls when that has happened, at once or when the tab comes to the front. */
export function onOvertaken(act: () => void): () => void {
  const look = () => {
    if (isOvertaken()) act();
  };
  const lookInFront = () => {
    if (document.visibilityState === 'visible') look();
  };
  window.addEventListener('storage', look);
  document.addEventListener('visibilitychange', lookInFront);
  return () => {
    window.removeEventListener('storage', look);
    document.removeEventListener('visibilitychange', lookInFront);
  };
}
