import { cataloguesDelete } from '@/api';

export const deleteCatalogue = (slug: string) => cataloguesDelete({ path: { slug } });
