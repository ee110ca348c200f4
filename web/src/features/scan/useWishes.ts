import { useLocalStorage } from '@mantine/hooks';

/** What to look for, remembered: at a fair one scans the same kind all day. */
export interface Wishes {
  kind: string | null;
  catalogue: string | null;
}

export function useWishes(): [Wishes, (wishes: Wishes) => void] {
  const [wishes, setWishes] = useLocalStorage<Wishes>({
    key: 'armarium-scan-wishes',
    defaultValue: { kind: null, catalogue: null },
  });
  return [wishes, setWishes];
}
