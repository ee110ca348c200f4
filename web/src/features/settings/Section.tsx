export { Section } from '@/components/rows/Section';
