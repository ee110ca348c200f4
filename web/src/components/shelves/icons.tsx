import { IconLock, IconUsers, IconWorld, type TablerIcon } from '@tabler/icons-react';

import type { Visibility } from '@/lib/shelves/shelves';

export const visibilityIcons: Record<Visibility, TablerIcon> = {
  private: IconLock,
  space: IconUsers,
  public: IconWorld,
};
