import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { requireNobody } from '../guards';
import { loginSearch } from '../searchParams';
import { root } from './root';

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  beforeLoad: requireNobody,
  component: lazyRouteComponent(() => import('@/features/auth/LoginPage'), 'LoginPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  beforeLoad: requireNobody,
  component: lazyRouteComponent(() => import('@/features/auth/SignUpPage'), 'SignUpPage'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('@/features/auth/JoinPage'), 'JoinPage'),
});

const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('@/features/auth/ForgottenPage'), 'ForgottenPage'),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('@/features/auth/ResetPage'), 'ResetPage'),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('@/features/auth/LetterPage'), 'VerifyPage'),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('@/features/auth/LetterPage'), 'ConfirmPage'),
});

const undoEmail = createRoute({
  getParentRoute: () => root,
  path: '/undo-email',
  component: lazyRouteComponent(() => import('@/features/auth/LetterPage'), 'UndoPage'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  component: lazyRouteComponent(() => import('@/features/auth/EnrolPage'), 'EnrolPage'),
});

const shared = createRoute({
  getParentRoute: () => root,
  path: '/s/$token',
  component: lazyRouteComponent(() => import('@/features/shared/SharedPage'), 'SharedPage'),
});

const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$handle',
  component: lazyRouteComponent(() => import('@/features/shared/PersonPage'), 'PersonPage'),
});

/** Pages outside: before one is logged in, and where links lead. */
export const doorRoutes = [
  login,
  signUp,
  join,
  forgotten,
  reset,
  verifyEmail,
  confirmEmail,
  undoEmail,
  secondFactor,
  shared,
  person,
] as const;
