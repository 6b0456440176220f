/** What the codes of the wire are called in the window: a code without a word does not compile. */
import type { MarkKind } from '../components/Mark.svelte';
import type {
  ActionCode,
  Basis,
  ChangeOutcome,
  ChangeRow,
  CodeWord,
  ContactState,
  DocumentKind,
  DocumentName,
  Field,
  KeptCode,
  MarketingStatus,
  MemberStatus,
  Phase,
  ReasonCode,
  RemarkCode,
  RuleCondition,
  RunKind,
  RunState,
  Service,
  SideField,
} from '../ipc';
import { m } from './messages';
import { countryName, day, list } from './format';
import { reasonWords } from './reasons';

type Words<Code extends string> = Record<Code, () => string>;

const services: Words<Service> = {
  quickbooks: m.service_quickbooks,
  mailchimp: m.service_mailchimp,
};
export const serviceName = (service: Service): string => services[service]();

const statuses: Words<MemberStatus> = {
  subscribed: m.status_subscribed,
  unsubscribed: m.status_unsubscribed,
  notSubscribed: m.status_not_subscribed,
  pending: m.word_status_pending,
  cleaned: m.word_status_cleaned,
  archived: m.word_status_archived,
};
export const memberStatuses = Object.keys(statuses) as MemberStatus[];
export const statusName = (status: MemberStatus): string => statuses[status]();

const inSentence: Words<MarketingStatus> = {
  subscribed: m.status_subscribed_in_sentence,
  unsubscribed: m.status_unsubscribed_in_sentence,
  notSubscribed: m.status_not_subscribed_in_sentence,
};
export const statusInSentence = (status: MarketingStatus): string => inSentence[status]();

const states: Record<ContactState, { name: () => string; mark: MarkKind }> = {
  inStep: { name: m.word_state_in_step, mark: 'agrees' },
  waiting: { name: m.word_state_waiting, mark: 'waiting' },
  sharesEmail: { name: m.word_state_shares, mark: 'shared' },
  leftAlone: { name: m.word_state_left, mark: 'left' },
  refused: { name: m.word_state_refused, mark: 'look' },
};
export const contactStates = Object.keys(states) as ContactState[];
export const stateName = (state: ContactState): string => states[state].name();
export const stateMark = (state: ContactState): MarkKind => states[state].mark;

const sides: Words<SideField> = {
  name: m.word_side_name,
  email: m.word_side_email,
  address: m.word_side_address,
  phone: m.word_side_phone,
};
export const sideName = (field: SideField): string => sides[field]();

const fields: Words<Field> = {
  email: m.word_field_email,
  firstName: m.word_field_first_name,
  lastName: m.word_field_last_name,
  address: m.word_field_address,
  phone: m.word_field_phone,
  status: m.word_field_status,
  tag: m.word_field_tag,
  name: m.word_field_name,
  price: m.word_field_price,
  total: m.word_field_total,
  date: m.word_field_date,
  lines: m.word_field_lines,
  customer: m.word_field_customer,
};
export const fieldName = (field: Field): string => fields[field]();

const inChange: Words<Field> = {
  email: m.change_email,
  firstName: m.change_first_name,
  lastName: m.change_last_name,
  address: m.change_address,
  phone: m.change_phone,
  status: m.change_status,
  tag: m.change_tag,
  name: m.change_name,
  price: m.change_price,
  total: m.change_total,
  date: m.change_date,
  lines: m.change_lines,
  customer: m.change_customer,
};
/** A field in the middle of a sentence. */
export const fieldInSentence = (field: Field): string => inChange[field]();

const actions: Record<ActionCode, { name: () => string; mark: MarkKind }> = {
  create_store: { name: m.word_action_create_store, mark: 'new' },
  start_syncing: { name: m.word_action_start_syncing, mark: 'updated' },
  stop_syncing: { name: m.word_action_stop_syncing, mark: 'updated' },
  remove_store: { name: m.word_action_remove_store, mark: 'deleted' },
  create_product: { name: m.word_action_create_product, mark: 'new' },
  update_product: { name: m.word_action_update_product, mark: 'updated' },
  create_contact: { name: m.word_action_create_contact, mark: 'new' },
  update_contact: { name: m.word_action_update_contact, mark: 'updated' },
  move_contact: { name: m.word_action_move_contact, mark: 'updated' },
  archive_contact: { name: m.word_action_archive_contact, mark: 'deleted' },
  tag_contact: { name: m.word_action_tag_contact, mark: 'new' },
  untag_contact: { name: m.word_action_untag_contact, mark: 'deleted' },
  create_order: { name: m.word_action_create_order, mark: 'new' },
  update_order: { name: m.word_action_update_order, mark: 'updated' },
  remove_order: { name: m.word_action_remove_order, mark: 'deleted' },
};
export const actionName = (action: ActionCode): string => actions[action].name();
export const actionMark = (action: ActionCode): MarkKind => actions[action].mark;

const reasons: Words<ReasonCode> = {
  new: m.word_reason_new,
  first_match: m.word_reason_first_match,
  changed: m.word_reason_changed,
  email_changed: m.word_reason_email_changed,
  deleted: m.word_reason_deleted,
  voided: m.word_reason_voided,
  no_longer_sent: m.word_reason_no_longer_sent,
  undo: m.word_reason_undo,
  disconnect: m.word_reason_disconnect,
  needed: m.word_reason_needed,
};
export const changeReason = (reason: ReasonCode): string => reasons[reason]();

const remarks: Words<RemarkCode> = {
  next_round: m.word_remark_next_round,
  there_meanwhile: m.word_remark_there_meanwhile,
  contact_closed: m.word_remark_contact_closed,
  store_gone: m.word_remark_store_gone,
  not_there: m.word_remark_not_there,
  there_already: m.word_remark_there_already,
  only_the_person: m.word_remark_only_the_person,
  address_refused: m.word_remark_address_refused,
  value_refused: m.word_remark_value_refused,
  no_answer: m.word_remark_no_answer,
  refused_silently: m.word_remark_refused_silently,
};

/** What was said about a change: in the service's words where there are any, and what it is about. */
export function saidOf({ detail, remark, without }: Said): string | undefined {
  const said = detail ?? (remark ? remarks[remark]() : undefined);
  if (without.length === 0) return said;
  const fields = list(without.map(fieldInSentence));
  return m.change_without({ fields, said: said ?? m.word_remark_refused_silently() });
}
type Said = Pick<ChangeRow, 'detail' | 'remark' | 'without'>;

const kept: Words<KeptCode> = {
  changed_since: m.word_kept_changed_since,
  gone: m.word_kept_gone,
  said_no: m.word_kept_said_no,
  cannot_archive: m.word_kept_cannot_archive,
  product: m.word_kept_product,
  archived: m.word_kept_archived,
  store: m.word_kept_store,
  passing: m.word_kept_passing,
};
export const keptName = (why: KeptCode): string => kept[why]();

const phases: Words<Phase> = {
  recover: m.word_phase_recover,
  readQuickbooks: m.word_phase_read_quickbooks,
  readMailchimp: m.word_phase_read_mailchimp,
  plan: m.word_phase_plan,
  store: m.word_phase_store,
  records: m.word_phase_records,
  contacts: m.word_phase_contacts,
  tags: m.word_phase_tags,
  orders: m.word_phase_orders,
  verify: m.word_phase_verify,
};
export const phaseName = (phase: Phase): string => phases[phase]();

const documents: Words<DocumentKind> = {
  invoice: m.word_invoice,
  salesReceipt: m.word_sales_receipt,
  creditMemo: m.word_credit_memo,
  refundReceipt: m.word_refund_receipt,
};
export const documentName = (kind: DocumentKind, number: string | null): string =>
  number ? m.word_document_number({ kind: documents[kind](), number }) : documents[kind]();

/** What the owner calls a record: a document by its kind in this language, anything else by its name. */
export const recordName = ({ title, document }: { title: string; document: DocumentName | null }): string =>
  document ? documentName(document.kind, document.number) : title;

const runs: Words<RunKind> = {
  sync: m.word_run_sync,
  undo: m.word_run_undo,
  disconnect: m.word_run_disconnect,
};
export const runName = (kind: RunKind): string => runs[kind]();

const runStates: Record<RunState, { name: () => string; mark: MarkKind }> = {
  waits: { name: m.word_runstate_waits, mark: 'look' },
  planned: { name: m.word_runstate_planned, mark: 'waiting' },
  unfinished: { name: m.word_runstate_unfinished, mark: 'waiting' },
  done: { name: m.word_runstate_done, mark: 'done' },
  failed: { name: m.word_runstate_failed, mark: 'stopped' },
  stopped: { name: m.word_runstate_stopped, mark: 'left' },
};
export const runStateName = (state: RunState): string => runStates[state].name();
export const runStateMark = (state: RunState): MarkKind => runStates[state].mark;

const outcomes: Words<ChangeOutcome> = {
  planned: m.word_outcome_planned,
  sending: m.word_outcome_sending,
  done: m.word_outcome_done,
  refused: m.word_outcome_refused,
  unknown: m.word_outcome_unknown,
};
export const changeOutcomes = Object.keys(outcomes) as ChangeOutcome[];
export const outcomeName = (outcome: ChangeOutcome): string => outcomes[outcome]();

/** Whom a rule is for. */
export function ruleName(when: RuleCondition): string {
  switch (when.kind) {
    case 'customerType':
      return m.rule_customer_type({ name: when.name });
    case 'country':
      return m.rule_country({ country: countryName(when.country) });
    case 'lastSaleBefore':
      return m.rule_last_sale_before({ date: day(when.date) });
    case 'lastSaleSince':
      return m.rule_last_sale_since({ date: day(when.date) });
  }
}

/** Why somebody has a status for which the owner gave no grounds. */
export function basisName(basis: Basis): string {
  switch (basis.kind) {
    case 'allNew':
      return m.word_basis_all_new();
    case 'formerAddress':
      return m.word_basis_former_address();
    case 'rule':
      return m.word_basis_rule({ rule: ruleName(basis.when) });
    case 'takenBack':
      return m.word_basis_taken_back();
  }
}

/** A table of words as files and lists want it that the program makes. */
const spoken = (table: Record<string, (() => string) | { name: () => string }>): CodeWord[] =>
  Object.entries(table).map(([code, word]) => ({
    code,
    word: typeof word === 'function' ? word() : word.name(),
  }));
export const documentWords = (): CodeWord[] => spoken(documents);
/** For a file of changes. */
export const changeWords = (): CodeWord[] =>
  [actions, fields, outcomes, reasons, remarks, statuses].flatMap(spoken);
/** For a file of contacts. A state or status is a word of its own, and a reason of the same code says no more. */
export const contactWords = (): CodeWord[] => [...reasonWords(), ...spoken(states), ...spoken(statuses)];
