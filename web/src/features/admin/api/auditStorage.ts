import { type AuditOut, storageAudit, storageRepair } from '@/api';

/** Compares kept files with what the database knows of; `repair` also mends what differs. */
export async function auditStorage(repair: boolean): Promise<AuditOut> {
  return (await (repair ? storageRepair() : storageAudit())).data;
}
