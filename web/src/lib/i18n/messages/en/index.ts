import auth from './auth.json';
import collection from './collection.json';
import common from './common.json';
import dashboard from './dashboard.json';
import item from './item.json';
import type { later } from './later';
import private_ from './private.json';
import scan from './scan.json';
import search from './search.json';
import sharing from './sharing.json';
import shelves from './shelves.json';
import shell from './shell.json';

export const en = {
  auth,
  collection,
  common,
  dashboard,
  item,
  private: private_,
  scan,
  search,
  sharing,
  shelves,
  shell,
};

export type Messages = typeof en & typeof later;
