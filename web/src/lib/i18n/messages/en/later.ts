import admin from './admin.json';
import audit from './audit.json';
import catalogue from './catalogue.json';
import data from './data.json';
import jobs from './jobs.json';
import open from './open.json';
import settings from './settings.json';

/** Words of pages that few visits open. */
export const later = { admin, audit, catalogue, data, jobs, open, settings };
