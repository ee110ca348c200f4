import { useLocalStorage } from '@mantine/hooks';

/** A choice of this person on this device, such as the density of a view. */
export function usePreference<Value extends string>(
  name: string,
  values: readonly Value[],
  fallback: Value,
): [Value, (value: Value) => void] {
  const [value, set] = useLocalStorage<Value>({
    key: `armarium-${name}`,
    defaultValue: fallback,
    getInitialValueInEffect: false,
    deserialize: (text) => values.find((known) => known === text) ?? fallback,
    serialize: (known) => known,
  });
  return [value, set];
}
