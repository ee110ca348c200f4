import admin from './admin.json';
import audit from './audit.json';
import data from './data.json';
import open from './open.json';
import settings from './settings.json';

/** Words of pages that few visits open. */
export const later = { admin, audit, data, open, settings };
