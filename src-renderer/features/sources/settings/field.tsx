export { FieldNotes, UnitField } from '../../../components/unit-field.tsx';
