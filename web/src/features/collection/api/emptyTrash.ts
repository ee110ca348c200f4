import { itemsTrashEmpty } from '@/api';

export const emptyTrash = () => itemsTrashEmpty();
