export { Row } from '@/components/rows/Row';
