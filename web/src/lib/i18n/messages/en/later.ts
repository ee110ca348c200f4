import admin from './admin.json';
import audit from './audit.json';
import catalogue from './catalogue.json';
import data from './data.json';
import jobs from './jobs.json';
import open from './open.json';
import review from './review.json';
import settings from './settings.json';
import shared from './shared.json';

/** Words of pages that few visits open. */
export const later = { admin, audit, catalogue, data, jobs, open, review, settings, shared };
