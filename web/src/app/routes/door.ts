import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { requireNobody } from '../guards';
import { loginSearch, signUpSearch } from '../searchParams';
import { DoorWaiting } from '../shell/DoorWaiting';
import { root } from './root';

const login = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/login',
  validateSearch: loginSearch,
  beforeLoad: requireNobody,
  component: lazyRouteComponent(() => import('@/features/auth/LoginPage'), 'LoginPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/sign-up',
  validateSearch: signUpSearch,
  beforeLoad: requireNobody,
  component: lazyRouteComponent(() => import('@/features/auth/SignUpPage'), 'SignUpPage'),
});

const join = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/join',
  component: lazyRouteComponent(() => import('@/features/auth/JoinPage'), 'JoinPage'),
});

const forgotten = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('@/features/auth/ForgottenPage'), 'ForgottenPage'),
});

const reset = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('@/features/auth/ResetPage'), 'ResetPage'),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('@/features/auth/LetterPage'), 'VerifyPage'),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('@/features/auth/LetterPage'), 'ConfirmPage'),
});

const undoEmail = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/undo-email',
  component: lazyRouteComponent(() => import('@/features/auth/LetterPage'), 'UndoPage'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/second-factor',
  component: lazyRouteComponent(() => import('@/features/auth/EnrolPage'), 'EnrolPage'),
});

const shared = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
  path: '/s/$token',
  component: lazyRouteComponent(() => import('@/features/shared/SharedPage'), 'SharedPage'),
});

const person = createRoute({
  getParentRoute: () => root,
  pendingComponent: DoorWaiting,
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
