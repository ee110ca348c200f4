export { useAct } from '@/components/feedback/useAct';
