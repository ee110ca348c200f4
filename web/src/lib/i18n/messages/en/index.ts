import admin from './admin.json';
import audit from './audit.json';
import auth from './auth.json';
import catalogue from './catalogue.json';
import collection from './collection.json';
import common from './common.json';
import dashboard from './dashboard.json';
import data from './data.json';
import item from './item.json';
import jobs from './jobs.json';
import open from './open.json';
import private_ from './private.json';
import review from './review.json';
import scan from './scan.json';
import search from './search.json';
import settings from './settings.json';
import shared from './shared.json';
import sharing from './sharing.json';
import shelves from './shelves.json';
import shell from './shell.json';

export const en = {
  admin,
  audit,
  auth,
  catalogue,
  collection,
  common,
  dashboard,
  data,
  item,
  jobs,
  open,
  private: private_,
  review,
  scan,
  search,
  settings,
  shared,
  sharing,
  shelves,
  shell,
};

export type Messages = typeof en;
