// Made from crates/ledgerpost-ipc. Do not edit: change it there and run
// `UPDATE_TYPESCRIPT=1 cargo test -p ledgerpost-ipc`.

/**
 * About this program.
 */
export type About = { 
/**
 * Its version.
 */
version: string, 
/**
 * The commit it was built from, where known.
 */
commit: string | null, 
/**
 * The operating system.
 */
system: string, 
/**
 * The folder with the data.
 */
dataFolder: string, 
/**
 * Its size in kilobytes of 1,000 bytes.
 */
dataKilobytes: number, 
/**
 * The folder with the logs.
 */
logFolder: string | null, 
/**
 * Where tokens are kept: `true` for the keychain, `false` for a file by the owner's choice.
 */
keychain: boolean, };

/**
 * What was done to a record.
 */
export type ActionCode = "create_store" | "start_syncing" | "stop_syncing" | "remove_store" | "create_product" | "update_product" | "create_contact" | "update_contact" | "move_contact" | "archive_contact" | "tag_contact" | "untag_contact" | "create_order" | "update_order" | "remove_order";

/**
 * How many changes of a kind.
 */
export type ActionCount = { 
/**
 * The kind.
 */
action: ActionCode, 
/**
 * How many.
 */
count: number, };

/**
 * An API key that the owner pasted. Goes in once and never comes back.
 */
export type ApiKey = { 
/**
 * The key.
 */
key: string, };

/**
 * App keys that the owner entered. Go in once and never come back.
 */
export type AppKeys = { 
/**
 * Whose.
 */
service: Service, 
/**
 * The client id.
 */
clientId: string, 
/**
 * The client secret.
 */
clientSecret: string, 
/**
 * QuickBooks: whether these are development keys (sandbox companies) and not production keys.
 */
development: boolean, 
/**
 * The https relay page that is registered with production QuickBooks keys.
 */
relay: string, };

/**
 * Something that needs a person.
 */
export type Attention = { "kind": "stopped", 
/**
 * Why.
 */
error: WireError, } | { "kind": "planWaits", 
/**
 * How many changes.
 */
changes: number, } | { "kind": "totalsDiffer", 
/**
 * By how much QuickBooks exceeds Mailchimp.
 */
amount: Money, 
/**
 * Orders that are missing or different.
 */
orders: number, } | { "kind": "contactRefused", 
/**
 * The customer.
 */
customer: string, 
/**
 * Their name.
 */
name: string, 
/**
 * Why.
 */
code: SkipCode, 
/**
 * Documents that stay out with them.
 */
documents: number, 
/**
 * What those amount to.
 */
amount: Money | null, } | { "kind": "contactsRefused", 
/**
 * How many.
 */
count: number, 
/**
 * Documents that stay out with them.
 */
documents: number, 
/**
 * What those amount to.
 */
amount: Money | null, } | { "kind": "leftAlone", 
/**
 * Why.
 */
code: SkipCode, 
/**
 * How many.
 */
count: number, 
/**
 * How many of them since a week.
 */
newThisWeek: number, } | { "kind": "unreadable", 
/**
 * How many.
 */
count: number, } | { "kind": "signInEnds", 
/**
 * In how many days.
 */
days: number, } | { "kind": "subscriptionLapsed" } | { "kind": "fewCallsLeft", 
/**
 * Used so far.
 */
used: number, 
/**
 * In all.
 */
limit: number, };

/**
 * An audience that could be the destination.
 */
export type Audience = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Exact counts by status.
 */
counts: StatusCounts, 
/**
 * How many of the company's customers are in it already; nothing until QuickBooks was read.
 */
alreadyCustomers: number | null, 
/**
 * When a contact in it last changed.
 */
lastChanged: string | null, 
/**
 * Whether new people are to confirm by mail.
 */
doubleOptin: boolean, 
/**
 * Whether its forms ask for GDPR permissions.
 */
gdprFields: boolean, 
/**
 * Whether a welcome automation mails whoever is added as subscribed.
 */
welcomeAutomation: boolean, 
/**
 * Why it is recommended; nothing when it is not.
 */
recommended: Recommendation | null, 
/**
 * The company whose store is in it already (`mailchimp.md` 5.2).
 */
usedBy: string | null, 
/**
 * Which of the fields that Ledgerpost fills exist in it.
 */
fields: AudienceFields, };

/**
 * The audience that the connection goes to.
 */
export type AudienceChoice = { "kind": "existing", 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, } | { "kind": "new", 
/**
 * What it is created with.
 */
details: NewAudience, };

/**
 * Fields of an audience that Ledgerpost fills when they exist and fit.
 */
export type AudienceFields = { 
/**
 * First name.
 */
firstName: boolean, 
/**
 * Last name.
 */
lastName: boolean, 
/**
 * Address.
 */
address: boolean, 
/**
 * Phone.
 */
phone: boolean, 
/**
 * Names of fields that are required and that QuickBooks cannot fill.
 */
required: Array<string>, };

/**
 * Which account's audiences to list, and whose customers to look for in them.
 */
export type AudienceQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * The Mailchimp account.
 */
account: string, };

/**
 * The audiences of an account.
 */
export type Audiences = { 
/**
 * The audiences; the recommended one first.
 */
audiences: Array<Audience>, 
/**
 * Whether the plan allows another one; nothing when Mailchimp does not say.
 */
mayCreate: boolean | null, };

/**
 * Grounds of a status where the owner wrote none.
 */
export type Basis = { "kind": "allNew" } | { "kind": "formerAddress" } | { "kind": "rule", 
/**
 * Whom it is for.
 */
when: RuleCondition, } | { "kind": "takenBack" };

/**
 * What the sync means for the bill. Mailchimp decides, and does not say how many contacts a plan holds
 * (`mailchimp.md` 8.3): these are counts.
 */
export type Bill = { 
/**
 * Contacts in the account that count toward the plan now; nothing when Mailchimp does not say.
 */
before: number | null, 
/**
 * After the sync.
 */
after: number | null, };

/**
 * Kinds of records to filter changes by.
 */
export type ChangeKind = "contacts" | "orders" | "products" | "store";

/**
 * How a change ended.
 */
export type ChangeOutcome = "planned" | "sending" | "done" | "refused" | "unknown";

/**
 * A page of changes, in the order they were made.
 */
export type ChangePage = { 
/**
 * How many fit in all.
 */
total: number, 
/**
 * The rows of the page.
 */
rows: Array<ChangeRow>, };

/**
 * Which changes of a run to list; empty and `null` are no restriction.
 */
export type ChangeQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * The run.
 */
run: string, 
/**
 * Words of the name or number.
 */
text: string, 
/**
 * Words for kinds of documents ([`crate::contacts::DocumentKind`]), in the window's language: they
 * are searched too, and files have them.
 */
documents?: Array<CodeWord> | null, 
/**
 * Only these kinds.
 */
kinds: Array<ChangeKind>, 
/**
 * Only with this outcome.
 */
outcome: ChangeOutcome | null, 
/**
 * The page.
 */
page: Page, };

/**
 * A change.
 */
export type ChangeRow = { 
/**
 * Its place in the run, from 1.
 */
seq: number, 
/**
 * What was done.
 */
action: ActionCode, 
/**
 * Why.
 */
reason: ReasonCode, 
/**
 * What the owner calls the record: a name, or `Invoice 4501` in English.
 */
title: string, 
/**
 * The document that the order was made from.
 */
document: DocumentName | null, 
/**
 * The customer it belongs to, for orders.
 */
subtitle: string | null, 
/**
 * The customer's id, to open their detail.
 */
customer: string | null, 
/**
 * Fields, with the value before and after.
 */
fields: Array<FieldChange>, 
/**
 * An order's total before and after, or a product's price.
 */
moneyBefore: Money | null, 
/**
 * After.
 */
moneyAfter: Money | null, 
/**
 * How it ended.
 */
outcome: ChangeOutcome, 
/**
 * The service's words.
 */
detail: string | null, 
/**
 * Our own, where no service said anything.
 */
remark: RemarkCode | null, 
/**
 * Fields that were left out, since the service refused them: what it said is about these.
 */
without: Array<Field>, 
/**
 * When.
 */
at: string | null, };

/**
 * A word of the wire, such as `leftAlone`, as the window calls it: for files.
 */
export type CodeWord = { 
/**
 * As the wire writes it.
 */
code: string, 
/**
 * In the window's language.
 */
word: string, };

/**
 * What QuickBooks knows of a company, to fill in forms. Read once per set-up.
 */
export type CompanyDetails = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its e-mail address.
 */
email: string | null, 
/**
 * Its phone number.
 */
phone: string | null, 
/**
 * Its website.
 */
website: string | null, 
/**
 * Its address.
 */
address: PostalAddress, 
/**
 * Three letters.
 */
currency: string, 
/**
 * Customers in all.
 */
customers: number, 
/**
 * Customers that can be sent with the settings as they are; nothing until QuickBooks was read.
 */
sendable: number | null, 
/**
 * The customer types in use, by name.
 */
customerTypes: Array<CustomerType>, 
/**
 * Countries of customers' addresses, two letters, with how many customers each.
 */
countries: Array<CountryCount>, };

/**
 * Names a company by its QuickBooks id.
 */
export type CompanyRef = { 
/**
 * Intuit's id of the company.
 */
company: string, };

/**
 * The settings of a connection, to look at and to change.
 */
export type CompanySettings = { 
/**
 * The company.
 */
company: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The Mailchimp account's name.
 */
account: string, 
/**
 * The audience's name.
 */
audience: string, 
/**
 * The choices.
 */
settings: ConnectionSettings, };

/**
 * A company, for the switcher.
 */
export type CompanySummary = { 
/**
 * Intuit's id.
 */
company: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The audience it is tied to.
 */
audience: string | null, 
/**
 * How far it is.
 */
standing: Standing, };

/**
 * The yes.
 */
export type Connect = { 
/**
 * The company.
 */
company: string, 
/**
 * The plan that was looked at ([`Review::plan`]).
 */
plan: string, };

/**
 * A QuickBooks company that was signed in to.
 */
export type ConnectedCompany = { 
/**
 * Intuit's id.
 */
company: string, 
/**
 * Its name.
 */
name: string, };

/**
 * The choices for a connection.
 */
export type ConnectionSettings = { 
/**
 * Whom a sync may create.
 */
scope: Scope, 
/**
 * The status of new contacts.
 */
status: MarketingStatus, 
/**
 * On what grounds they agreed; needed when `status` is subscribed, kept in the consent register.
 */
grounds: string, 
/**
 * On an audience with double opt-in: whether *subscribed* may send Mailchimp's confirmation mail.
 */
confirmationMails: boolean, 
/**
 * Rules for groups of customers, the first that fits wins.
 */
rules: Array<StatusRule>, 
/**
 * Customers with a status of their own; they win over the rules.
 */
exceptions: Array<StatusException>, 
/**
 * Customers that stay out because the owner said so, by id.
 */
leftAlone: Array<string>, 
/**
 * The tag on every contact that a sync touches; 1 to 100 characters.
 */
tag: string, 
/**
 * Include role addresses.
 */
includeRoleAddresses: boolean, 
/**
 * Include inactive customers who are not in the audience yet.
 */
includeInactive: boolean, 
/**
 * Include projects as contacts of their own.
 */
includeProjects: boolean, 
/**
 * Send names.
 */
names: boolean, 
/**
 * Send complete postal addresses.
 */
addresses: boolean, 
/**
 * Send phone numbers where the audience has a field for them.
 */
phones: boolean, 
/**
 * Invoices become orders.
 */
invoices: boolean, 
/**
 * Sales receipts become orders.
 */
salesReceipts: boolean, 
/**
 * Items become products.
 */
items: boolean, };

/**
 * The state of a connection.
 */
export type ConnectionState = { "kind": "inStep" } | { "kind": "except", 
/**
 * How many contacts.
 */
contacts: number, } | { "kind": "differs" } | { "kind": "syncing" } | { "kind": "paused" } | { "kind": "waits", 
/**
 * How many changes.
 */
changes: number, } | { "kind": "unsent", 
/**
 * How many changes.
 */
changes: number, 
/**
 * When they were found.
 */
foundAt: string, } | { "kind": "unfinished" } | { "kind": "offline", 
/**
 * The one; nothing where there is no internet.
 */
service: Service | null, } | { "kind": "retrying", 
/**
 * Why.
 */
error: WireError, 
/**
 * Since when nothing was sent.
 */
since: string | null, 
/**
 * How often it was tried.
 */
tries: number, } | { "kind": "stopped", 
/**
 * What stopped it.
 */
error: WireError, 
/**
 * Since when nothing was sent.
 */
since: string | null, 
/**
 * How often it was tried.
 */
tries: number, } | { "kind": "disconnected" };

/**
 * Who set which status.
 */
export type ConsentRow = { 
/**
 * When.
 */
at: string, 
/**
 * The status.
 */
status: MemberStatus, 
/**
 * On what grounds, in the owner's words; ours are in English.
 */
grounds: string | null, 
/**
 * The parts of the grounds where they are ours.
 */
basis: Basis | null, };

/**
 * A column of the list.
 */
export type ContactColumn = "name" | "email" | "state" | "status" | "reason" | "updated" | "customerType" | "tags" | "orders" | "total" | "lastSale";

/**
 * Everything about one customer.
 */
export type ContactDetail = { 
/**
 * As in the list.
 */
row: ContactRow, 
/**
 * What the owner typed or a service said about why they stay out.
 */
reasonDetail: string | null, 
/**
 * Documents that stay out with them.
 */
documentsLeftOut: number, 
/**
 * What those amount to.
 */
documentsLeftOutTotal: Money | null, 
/**
 * The customer whose contact they belong to.
 */
belongsTo: Named | null, 
/**
 * Customers that share this contact.
 */
sharedWith: Array<Named>, 
/**
 * Field by field.
 */
sides: Array<Side>, 
/**
 * Whether they are in Mailchimp at all.
 */
inMailchimp: boolean, 
/**
 * The latest documents, newest first, at most 100.
 */
orders: Array<OrderRow>, 
/**
 * What was done to them, newest first, at most 100.
 */
history: Array<HistoryRow>, 
/**
 * Who set which status, newest first.
 */
consents: Array<ConsentRow>, 
/**
 * Whether the owner told Ledgerpost to leave them alone.
 */
leftAloneByOwner: boolean, 
/**
 * The sign-up form of the audience, when nobody but the person can bring them back.
 */
signUpForm: string | null, };

/**
 * How many there are under each tab, without filters, and what can be filtered by.
 */
export type ContactFacets = { 
/**
 * Every customer.
 */
all: number, 
/**
 * Changed in the last seven days.
 */
recentlyUpdated: number, 
/**
 * Left alone or refused.
 */
leftAlone: number, 
/**
 * Tags in Mailchimp on customers' contacts, most frequent first.
 */
tags: Array<TagCount>, 
/**
 * Statuses.
 */
statuses: Array<MemberStatusCount>, 
/**
 * Reasons.
 */
reasons: Array<SkipCodeCount>, 
/**
 * Types of customers.
 */
customerTypes: Array<CustomerType>, };

/**
 * What the list is sorted by.
 */
export type ContactOrder = "name" | "updated" | "total" | "orders" | "lastSale";

/**
 * A page of contacts.
 */
export type ContactPage = { 
/**
 * How many fit in all.
 */
total: number, 
/**
 * The rows of the page.
 */
rows: Array<ContactRow>, };

/**
 * Which contacts to list; `null` or empty is no restriction.
 */
export type ContactQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * Words of the name or address; each may be a beginning.
 */
text: string, 
/**
 * The tab.
 */
tab: ContactTab, 
/**
 * Only with this status in Mailchimp.
 */
status: MemberStatus | null, 
/**
 * Only with this tag in Mailchimp.
 */
tag: string | null, 
/**
 * Only those that stay out for this reason.
 */
reason: SkipCode | null, 
/**
 * Only in this state.
 */
state: ContactState | null, 
/**
 * Only changed on this day or later.
 */
changedSince: string | null, 
/**
 * Only customers of this type, by id.
 */
customerType: string | null, 
/**
 * Sorted by.
 */
order: ContactOrder, 
/**
 * Whether the largest, latest or last comes first.
 */
descending: boolean, 
/**
 * The page.
 */
page: Page, };

/**
 * A customer in the list.
 */
export type ContactRow = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Their name.
 */
name: string, 
/**
 * The address they are known by.
 */
email: string | null, 
/**
 * Their state.
 */
state: ContactState, 
/**
 * Their status in Mailchimp, if they are there.
 */
status: MemberStatus | null, 
/**
 * Why they stay out.
 */
reason: SkipCode | null, 
/**
 * When anything about them changed last.
 */
updatedAt: string | null, 
/**
 * Their type.
 */
customerType: string | null, 
/**
 * Tags of their contact.
 */
tags: Array<string>, 
/**
 * Orders in Mailchimp.
 */
orders: number, 
/**
 * What those amount to.
 */
total: Money, 
/**
 * Date of the last sale.
 */
lastSale: string | null, };

/**
 * A customer's state against Mailchimp.
 */
export type ContactState = "inStep" | "waiting" | "sharesEmail" | "leftAlone" | "refused";

/**
 * A tab of the list.
 */
export type ContactTab = "all" | "recentlyUpdated" | "leftAlone";

/**
 * A count and what it amounts to.
 */
export type CountAndMoney = { 
/**
 * How many.
 */
count: number, 
/**
 * What they amount to.
 */
total: Money, };

/**
 * Two counts that should be equal.
 */
export type CountPair = { 
/**
 * QuickBooks.
 */
quickbooks: number, 
/**
 * Mailchimp.
 */
mailchimp: number, };

/**
 * A country with how many customers live there.
 */
export type CountryCount = { 
/**
 * Two letters (ISO 3166).
 */
country: string, 
/**
 * How many customers.
 */
customers: number, };

/**
 * Customers by what happens to them.
 */
export type CustomerFigures = { 
/**
 * All of them.
 */
total: number, 
/**
 * Become new contacts.
 */
new: number, 
/**
 * Are in the audience and change.
 */
updated: number, 
/**
 * Are in the audience and stay as they are.
 */
same: number, 
/**
 * Belong to a contact that is named after another customer.
 */
shareEmail: number, 
/**
 * Stay out.
 */
leftAlone: number, };

/**
 * A customer that can be chosen.
 */
export type CustomerHit = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Their name.
 */
name: string, 
/**
 * The address they would be known by.
 */
email: string | null, };

/**
 * Names one customer.
 */
export type CustomerRef = { 
/**
 * The company.
 */
company: string, 
/**
 * The customer's id.
 */
customer: string, };

/**
 * Customers to choose from, by name or address.
 */
export type CustomerSearch = { 
/**
 * The company.
 */
company: string, 
/**
 * What was typed.
 */
text: string, 
/**
 * How many at most.
 */
limit: number, };

/**
 * A type of customers in QuickBooks.
 */
export type CustomerType = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name, as QuickBooks has it.
 */
name: string, 
/**
 * How many customers have it.
 */
customers: number, };

/**
 * A kind of data.
 */
export type DataKind = "names" | "addresses" | "invoices" | "salesReceipts" | "items";

/**
 * One kind of data. `there = sent + not_sent`, and `not_sent` is the sum of `reasons`, `share_email` and
 * `incomplete`.
 */
export type DataRow = { 
/**
 * Which.
 */
kind: DataKind, 
/**
 * Whether it is sent at all.
 */
included: boolean, 
/**
 * In QuickBooks.
 */
there: number, 
/**
 * Sent.
 */
sent: number, 
/**
 * Not sent.
 */
notSent: number, 
/**
 * Why not, by reason.
 */
reasons: Array<ReasonCount>, 
/**
 * Not sent, because they belong to a contact that is named after another customer.
 */
shareEmail: number, 
/**
 * Addresses that Mailchimp does not take, because a part of them is missing.
 */
incomplete: number, };

/**
 * Text for the clipboard: versions, states, codes and counts; no name, address, token or amount.
 */
export type Diagnostics = { 
/**
 * The text, in English, for support.
 */
text: string, };

/**
 * What disconnecting would do, in the order it happens.
 */
export type DisconnectPreview = { 
/**
 * The company's name.
 */
name: string, 
/**
 * The audience's name.
 */
audience: string, 
/**
 * Records in the archive that is written first.
 */
archivedRecords: number, 
/**
 * Orders that are deleted from Mailchimp.
 */
orders: number, 
/**
 * Products that are deleted with them.
 */
products: number, 
/**
 * Contacts that stay in Mailchimp.
 */
contacts: number, 
/**
 * Whether the Mailchimp sign-in stays because another company uses it.
 */
accountStays: boolean, };

/**
 * How disconnecting ended.
 */
export type Disconnected = { 
/**
 * Orders that were deleted.
 */
orders: number, 
/**
 * Products that were deleted.
 */
products: number, 
/**
 * Contacts that stayed.
 */
contacts: number, 
/**
 * Where the archive is.
 */
archive: string, 
/**
 * Whether Intuit confirmed that the sign-in is withdrawn.
 */
quickbooksTold: boolean, };

/**
 * A kind of document.
 */
export type DocumentKind = "invoice" | "salesReceipt" | "creditMemo" | "refundReceipt";

/**
 * What a document is called, in parts: the window has the words for its kind.
 */
export type DocumentName = { 
/**
 * Its kind.
 */
kind: DocumentKind, 
/**
 * Its number, or QuickBooks' id where it has none.
 */
number: string, };

/**
 * A set-up as far as it is. Saved at every change: closing loses nothing.
 */
export type Draft = { 
/**
 * The step that is open.
 */
step: Step, 
/**
 * The company, once signed in.
 */
company: ConnectedCompany | null, 
/**
 * The Mailchimp account that was chosen.
 */
account: string | null, 
/**
 * The audience that was chosen.
 */
audience: AudienceChoice | null, 
/**
 * Answers for Mailchimp's sign-up form; nothing until *I need one* was opened.
 */
signUp: SignUp | null, 
/**
 * The connection's settings.
 */
settings: ConnectionSettings, };

/**
 * Whether an address can be used to sign up with Mailchimp (`mailchimp.md` 8.2).
 */
export type EmailCheck = { "kind": "good" } | { "kind": "invalid" } | { "kind": "role", 
/**
 * The part before the `@`.
 */
role: string, } | { "kind": "sampleDomain" };

/**
 * What kind of failure, as far as the window does something different about it. One table in the
 * window maps every code to its words and its action.
 */
export type ErrorCode = "internal" | "bad_request" | "stopped" | "busy" | "offline" | "service_down" | "throttled" | "monthly_quota" | "sign_in_quickbooks" | "sign_in_mailchimp" | "rights_quickbooks" | "role_too_low" | "no_keys_quickbooks" | "no_keys_mailchimp" | "keys_refused" | "pasted_address_unusable" | "sign_in_declined" | "sign_in_timed_out" | "port_taken" | "api_key_refused" | "company_closed" | "quickbooks_refused" | "mailchimp_refused" | "mailchimp_limit" | "mailchimp_account_closed" | "audience_gone" | "linked_elsewhere" | "no_more_audiences" | "would_mail" | "status_moved" | "grounds_missing" | "plan_changed" | "cannot_undo" | "not_connected" | "not_found" | "keychain_unavailable" | "folder_in_use" | "folder_read_only" | "disk_full" | "newer_files" | "damaged_file" | "services_file" | "file_failed" | "invalid";

/**
 * What came of reading a file of exceptions: a CSV file with the columns `email` or `customer`, `status`
 * and `how you know`.
 */
export type ExceptionsRead = { 
/**
 * The exceptions that could be read; nothing is saved yet.
 */
exceptions: Array<StatusException>, 
/**
 * Rows that could not.
 */
failed: Array<FailedRow>, 
/**
 * Nothing when the owner closed the dialog.
 */
file: string | null, };

/**
 * A part of the difference with its reason.
 */
export type Explained = { 
/**
 * Why.
 */
code: SkipCode, 
/**
 * How many documents.
 */
count: number, 
/**
 * By how much QuickBooks exceeds Mailchimp because of them.
 */
amount: Money, };

/**
 * A row that could not be read.
 */
export type FailedRow = { 
/**
 * Its line in the file, from 1.
 */
line: number, 
/**
 * What stood there.
 */
text: string, 
/**
 * What is wrong.
 */
problem: RowProblem, };

/**
 * What happens to a customer.
 */
export type Fate = "new" | "updated" | "same" | "shareEmail" | "leftAlone";

/**
 * A field of a contact, product or order.
 */
export type Field = "email" | "firstName" | "lastName" | "address" | "phone" | "status" | "tag" | "name" | "price" | "total" | "date" | "lines" | "customer";

/**
 * A field with its value before and after.
 */
export type FieldChange = { 
/**
 * Which. A status is written as [`crate::contacts::MemberStatus`], an amount as a decimal in the
 * company's currency, a date as `YYYY-MM-DD`.
 */
field: Field, 
/**
 * Before; nothing when it was empty or the record is new.
 */
before: string | null, 
/**
 * After; nothing when it is removed.
 */
after: string | null, };

/**
 * How a file of rows is written. All are safe to open in a spreadsheet: no cell starts a formula.
 */
export type FileFormat = "csv" | "xlsx" | "json";

/**
 * Something worth a look. None stops the rest.
 */
export type Finding = { "kind": "confirmationMails", 
/**
 * To how many.
 */
count: number, } | { "kind": "doubleOptIn", 
/**
 * How many.
 */
count: number, } | { "kind": "sharedAddresses", 
/**
 * Customers that share one.
 */
customers: number, 
/**
 * Contacts they make.
 */
contacts: number, } | { "kind": "severalAddresses", 
/**
 * How many.
 */
count: number, } | { "kind": "leftAlone", 
/**
 * Why.
 */
code: SkipCode, 
/**
 * How many.
 */
count: number, } | { "kind": "notSent", 
/**
 * Why.
 */
code: SkipCode, 
/**
 * How many.
 */
count: number, 
/**
 * What they amount to.
 */
amount: Money | null, } | { "kind": "unreadable", 
/**
 * How many.
 */
count: number, };

/**
 * One end of the route.
 */
export type Health = { 
/**
 * Whether it answers.
 */
standing: HealthStanding, 
/**
 * Days until the sign-in ends if it is not used; nothing when it never ends.
 */
daysLeft: number | null, };

/**
 * Whether a service answers.
 */
export type HealthStanding = "connected" | "signedOut" | "notReached";

/**
 * A service holds up a run.
 */
export type HeldUp = { 
/**
 * Why.
 */
why: HoldUp, 
/**
 * Which.
 */
service: Service, 
/**
 * Since when.
 */
since: string, };

/**
 * Something that was done.
 */
export type HistoryRow = { 
/**
 * The run.
 */
run: string, 
/**
 * When.
 */
at: string | null, 
/**
 * What.
 */
change: ChangeRow, };

/**
 * Why a run is slower than it could be, or waits.
 */
export type HoldUp = "askedForSlower" | "slowAnswer" | "noConnection";

/**
 * How a connection is doing, from the local files alone.
 */
export type Home = { 
/**
 * The company's id.
 */
company: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The audience.
 */
audience: string, 
/**
 * Contacts in the audience that count toward the plan, as last read.
 */
audienceContacts: number, 
/**
 * Customers in the list of contacts.
 */
customers: number, 
/**
 * The state, in one word; the title says it as a sentence.
 */
state: ConnectionState, 
/**
 * QuickBooks' end of the route.
 */
quickbooks: Health, 
/**
 * Mailchimp's end of the route.
 */
mailchimp: Health, 
/**
 * The last sync that ended.
 */
lastSync: LastSync | null, 
/**
 * When the next one is due; nothing when paused or stopped.
 */
nextSync: string | null, 
/**
 * When the copy of the audience on this computer was read last.
 */
backupAt: string | null, 
/**
 * What needs a person, worst first.
 */
attention: Array<Attention>, 
/**
 * Whether the totals agree; nothing before the first sync.
 */
totals: Totals | null, 
/**
 * The last twelve months, oldest first.
 */
months: Array<Month>, 
/**
 * Metered reads of QuickBooks this month.
 */
callsThisMonth: number, 
/**
 * How many there are in a month on Intuit's free tier.
 */
callsLimit: number, };

/**
 * Why something stays although its run is undone.
 */
export type KeptCode = "changed_since" | "gone" | "said_no" | "cannot_archive" | "product" | "archived" | "store" | "passing";

/**
 * Why something stays although the run is undone.
 */
export type KeptCount = { 
/**
 * Why.
 */
why: KeptCode, 
/**
 * How many.
 */
count: number, };

/**
 * What the keys are for and what to register with the service.
 */
export type KeysHelp = { 
/**
 * Where the keys in use come from.
 */
source: KeysSource, 
/**
 * The redirect address to register with the service.
 */
redirect: string, };

/**
 * Where an app's keys come from.
 */
export type KeysSource = "missing" | "own" | "provided";

/**
 * The six languages.
 */
export type Language = "en" | "de" | "fr" | "it" | "pt-BR" | "es";

/**
 * A sync that ended.
 */
export type LastSync = { 
/**
 * Its run; nothing when there was nothing to do.
 */
run: string | null, 
/**
 * When it ended.
 */
at: string, 
/**
 * Changes that were sent.
 */
sent: number, 
/**
 * Changes that were refused.
 */
refused: number, };

/**
 * A record that was just sent.
 */
export type LatestRecord = { 
/**
 * What the owner calls it: a name, or `Invoice 4501` in English.
 */
title: string, 
/**
 * The document that the order was made from.
 */
document: DocumentName | null, 
/**
 * What was done.
 */
action: ActionCode, 
/**
 * When.
 */
at: string, };

/**
 * Tells Ledgerpost to leave a customer alone, or no longer.
 */
export type LeaveAlone = { 
/**
 * The company.
 */
company: string, 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Whether to.
 */
leaveAlone: boolean, };

/**
 * A page that may be opened in the browser. The window names it; the program knows the address.
 */
export type Link = { "kind": "quickbooks" } | { "kind": "quickbooksCustomer", 
/**
 * The company.
 */
company: string, 
/**
 * The customer's id.
 */
customer: string, } | { "kind": "quickbooksDocument", 
/**
 * The company.
 */
company: string, 
/**
 * The document's key, such as `inv_130`.
 */
document: string, } | { "kind": "mailchimp" } | { "kind": "mailchimpContact", 
/**
 * The company.
 */
company: string, 
/**
 * The customer's id.
 */
customer: string, } | { "kind": "mailchimpAudience", 
/**
 * The company.
 */
company: string, } | { "kind": "mailchimpSignUp" } | { "kind": "mailchimpApiKeys" } | { "kind": "mailchimpPlans" } | { "kind": "mailchimpConnectedApps" } | { "kind": "intuitDeveloper" } | { "kind": "mailchimpDeveloper" } | { "kind": "dataFolder" } | { "kind": "logFolder" };

/**
 * A Mailchimp account that Ledgerpost can reach.
 */
export type MailchimpAccount = { 
/**
 * Its id.
 */
account: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The login's e-mail address, as Mailchimp gives it.
 */
email: string | null, 
/**
 * Its data centre, such as `us14`.
 */
dataCentre: string | null, 
/**
 * The role of the user who signed in, in Mailchimp's word: `owner`, `admin`, `manager`, …
 */
role: string, 
/**
 * The kind of plan.
 */
plan: PlanKind | null, 
/**
 * Contacts in all its audiences that count toward the plan.
 */
contacts: number | null, 
/**
 * When it was connected.
 */
connectedAt: string, 
/**
 * Set when it cannot be used now; the other fields are then as last known.
 */
problem: WireError | null, };

/**
 * Marketing status of people who are new in Mailchimp.
 */
export type MarketingStatus = "subscribed" | "unsubscribed" | "notSubscribed";

/**
 * The status of a contact in Mailchimp.
 */
export type MemberStatus = "subscribed" | "unsubscribed" | "notSubscribed" | "pending" | "cleaned" | "archived";

/**
 * A status with how many contacts have it.
 */
export type MemberStatusCount = { 
/**
 * The status.
 */
status: MemberStatus, 
/**
 * How many.
 */
count: number, };

/**
 * What the program tells the window unasked.
 */
export type Message = { "kind": "snapshot", 
/**
 * The latest work, running or over; nothing after a fresh start.
 */
work: Work | null, } | { "kind": "work", 
/**
 * The work.
 */
work: Work, } | { "kind": "changed", 
/**
 * What.
 */
topics: Array<Topic>, } | { "kind": "open", 
/**
 * Where.
 */
place: Place, };

/**
 * An amount of money with its currency.
 */
export type Money = { 
/**
 * A decimal with a point, such as `548.00`; may be negative.
 */
amount: string, 
/**
 * Three letters (ISO 4217).
 */
currency: string, };

/**
 * Two counts and sums that should be equal.
 */
export type MoneyPair = { 
/**
 * Documents in QuickBooks that can be orders.
 */
quickbooks: number, 
/**
 * What they amount to, less credits that lower them.
 */
quickbooksTotal: Money, 
/**
 * Orders in Mailchimp.
 */
mailchimp: number, 
/**
 * What they amount to.
 */
mailchimpTotal: Money, 
/**
 * `quickbooks_total - mailchimp_total`.
 */
difference: Money, };

/**
 * A month. `in_quickbooks - in_mailchimp` is drawn as a gap.
 */
export type Month = { 
/**
 * `YYYY-MM`.
 */
month: string, 
/**
 * Sales that can be orders.
 */
inQuickbooks: Money, 
/**
 * Orders.
 */
inMailchimp: Money, 
/**
 * What explains the gap.
 */
explained: Array<Explained>, 
/**
 * Contacts in the audience that are customers, at the end of the month; nothing for months before the
 * connection.
 */
contacts: number | null, };

/**
 * A customer by name.
 */
export type Named = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Their name.
 */
name: string, };

/**
 * A record of QuickBooks by name.
 */
export type NamedRecord = { 
/**
 * A document's key, such as `inv_130`; the id of anything else.
 */
id: string, 
/**
 * What the owner calls it, in English where it is a document.
 */
title: string, 
/**
 * Which document it is.
 */
document: DocumentName | null, 
/**
 * A document's date.
 */
date: string | null, };

/**
 * What a new audience is created with (`mailchimp.md` 3).
 */
export type NewAudience = { 
/**
 * Its name; people may see it when they unsubscribe.
 */
name: string, 
/**
 * The sender's name.
 */
fromName: string, 
/**
 * The sender's address.
 */
fromEmail: string, 
/**
 * Why people hear from the business; stands at the foot of every campaign.
 */
permissionReminder: string, 
/**
 * The business, for the foot of every campaign.
 */
businessName: string, 
/**
 * Its address.
 */
address: PostalAddress, 
/**
 * Optional.
 */
phone: string, 
/**
 * The language of Mailchimp's forms.
 */
language: Language, };

/**
 * A page of records that stay out.
 */
export type NotSentPage = { 
/**
 * How many fit in all.
 */
total: number, 
/**
 * The rows of the page.
 */
rows: Array<NotSentRow>, };

/**
 * Which documents or items of the dry run stay out.
 */
export type NotSentQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * Of this kind.
 */
data: DataKind, 
/**
 * Only for this reason.
 */
reason: SkipCode | null, 
/**
 * Whether documents count too whose customer stays out for the reason, as the totals tell it.
 */
throughCustomer: boolean, 
/**
 * The page.
 */
page: Page, };

/**
 * A record that stays out.
 */
export type NotSentRow = { 
/**
 * Its key.
 */
key: string, 
/**
 * What the owner calls it: a name, or `Invoice 4471` in English.
 */
title: string, 
/**
 * Which document it is.
 */
document: DocumentName | null, 
/**
 * The customer's name, for documents.
 */
customer: string | null, 
/**
 * Why.
 */
reason: SkipCode, 
/**
 * What the owner typed or a service said about it.
 */
detail: string | null, 
/**
 * What it amounts to.
 */
amount: Money | null, };

/**
 * A command that needs to be told nothing.
 */
export type Nothing = Record<symbol, never>;

/**
 * A document of a customer.
 */
export type OrderRow = { 
/**
 * Its key, such as `inv_130`.
 */
document: string, 
/**
 * Invoice or sales receipt.
 */
kind: DocumentKind, 
/**
 * Its number, as the owner sees it.
 */
number: string | null, 
/**
 * Its date.
 */
date: string, 
/**
 * Its total, less credits.
 */
total: Money, 
/**
 * Whether it is an order in Mailchimp.
 */
sent: boolean, 
/**
 * Why it is not.
 */
reason: SkipCode | null, };

/**
 * What came of work.
 */
export type Outcome = { "kind": "company", 
/**
 * Which.
 */
company: ConnectedCompany, } | { "kind": "account", 
/**
 * Which.
 */
account: MailchimpAccount, } | { "kind": "planned" } | { "kind": "synced", 
/**
 * The last run.
 */
run: string | null, 
/**
 * Changes made.
 */
sent: number, 
/**
 * Changes that Mailchimp refused.
 */
refused: number, } | { "kind": "needsYes", 
/**
 * How many changes it has.
 */
changes: number, } | { "kind": "reconciled" } | { "kind": "undoPreview", 
/**
 * It.
 */
preview: UndoPreview, } | { "kind": "undone", 
/**
 * The run that did it.
 */
run: string | null, } | { "kind": "disconnected", 
/**
 * How it ended.
 */
result: Disconnected, } | { "kind": "read" };

/**
 * What a page of a list starts after and how long it is.
 */
export type Page = { 
/**
 * How many rows to leave out at the beginning.
 */
offset: number, 
/**
 * How many rows at most, up to 500.
 */
limit: number, };

/**
 * The address that the browser ended on, pasted. It holds a code: goes in once.
 */
export type PastedAddress = { 
/**
 * The address.
 */
address: string, };

/**
 * A part of a run, in the order of the table on the progress screen.
 */
export type Phase = "recover" | "readQuickbooks" | "readMailchimp" | "plan" | "store" | "records" | "contacts" | "tags" | "orders" | "verify";

/**
 * How far a phase is.
 */
export type PhaseProgress = { 
/**
 * Which.
 */
phase: Phase, 
/**
 * Records finished.
 */
done: number, 
/**
 * Records in all, once known.
 */
total: number | null, 
/**
 * Records that the service refused.
 */
refused: number, 
/**
 * When it began; nothing while it waits.
 */
startedAt: string | null, 
/**
 * When it ended.
 */
endedAt: string | null, };

/**
 * A place in the window.
 */
export type Place = "home" | "settings";

/**
 * Mailchimp's kinds of plan.
 */
export type PlanKind = "free" | "monthly" | "payAsYouGo";

/**
 * A postal address.
 */
export type PostalAddress = { 
/**
 * Street and number.
 */
line1: string, 
/**
 * More of it.
 */
line2: string, 
/**
 * City.
 */
city: string, 
/**
 * State or province.
 */
region: string, 
/**
 * Postal code.
 */
postalCode: string, 
/**
 * Two letters (ISO 3166).
 */
country: string, };

/**
 * What the owner prefers, for all companies.
 */
export type Preferences = { 
/**
 * The language; nothing means as the system says.
 */
language: Language | null, 
/**
 * Light or dark.
 */
theme: Theme, 
/**
 * Minutes between reads while the window is in use; 1 by default, up to 60.
 */
minutesInUse: number, 
/**
 * Minutes between reads in the tray; 15 by default, up to 1,440.
 */
minutesInTray: number, 
/**
 * Whether *sign in again* and *needs attention* are shown as notifications; off until asked.
 */
notifications: boolean, 
/**
 * Whether Ledgerpost starts with the computer, in the tray.
 */
startAtLogin: boolean, 
/**
 * What closing the window does.
 */
whenClosed: WhenClosed, 
/**
 * Columns of the list of contacts that are shown, in order.
 */
contactColumns: Array<string>, };

/**
 * How far a run is.
 */
export type Progress = { 
/**
 * The phases that this run has or had, in order; those to come have no start.
 */
phases: Array<PhaseProgress>, 
/**
 * Records sent, over the phases that send.
 */
done: number, 
/**
 * Records to send; nothing while reading.
 */
total: number | null, 
/**
 * Seconds left, from the speed so far; nothing until there is a speed to go by.
 */
secondsLeft: number | null, 
/**
 * Which service holds it up; nothing when none does.
 */
heldUp: HeldUp | null, 
/**
 * The latest records, newest first, at most five.
 */
latest: Array<LatestRecord>, };

/**
 * Why a change was made.
 */
export type ReasonCode = "new" | "first_match" | "changed" | "email_changed" | "deleted" | "voided" | "no_longer_sent" | "undo" | "disconnect" | "needed";

/**
 * A reason with how many records it keeps out.
 */
export type ReasonCount = { 
/**
 * Why.
 */
code: SkipCode, 
/**
 * How many.
 */
count: number, 
/**
 * What it amounts to, for documents.
 */
amount: Money | null, };

/**
 * Why an audience is recommended.
 */
export type Recommendation = "mostCustomers" | "onlyOne" | "largest";

/**
 * A kind of record of QuickBooks.
 */
export type RecordKind = "customer" | "item" | "invoice" | "salesReceipt" | "creditMemo" | "refundReceipt" | "payment";

/**
 * Why a change was not made, or what was left out of it, where no service said anything.
 */
export type RemarkCode = "next_round" | "there_meanwhile" | "contact_closed" | "store_gone" | "not_there" | "there_already" | "only_the_person" | "address_refused" | "value_refused" | "no_answer" | "refused_silently";

/**
 * A dry run. `total = new + updated + same + share_email + left_alone`.
 */
export type Review = { 
/**
 * Names this very plan; connecting needs it, so that what was seen is what is sent.
 */
plan: string, 
/**
 * When both services were read.
 */
readAt: string, 
/**
 * The customers by what happens to them.
 */
customers: CustomerFigures, 
/**
 * The five kinds of data, in order: names, addresses, invoices, sales receipts, items.
 */
data: Array<DataRow>, 
/**
 * Worth a look.
 */
findings: Array<Finding>, 
/**
 * New contacts by the status they get.
 */
newByStatus: Array<StatusCount>, 
/**
 * Telling examples, at most six, of different kinds.
 */
examples: Array<ReviewRow>, 
/**
 * The bill.
 */
bill: Bill, 
/**
 * How many contacts *Connect* sends: new, updated and already the same (they get the tag and their orders).
 */
contacts: number, 
/**
 * Changes in all.
 */
changes: number, };

/**
 * A page of the dry run.
 */
export type ReviewPage = { 
/**
 * How many fit in all.
 */
total: number, 
/**
 * The rows of the page.
 */
rows: Array<ReviewRow>, };

/**
 * Which customers of the dry run to list; `null` is no restriction.
 */
export type ReviewQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * Words of the name or address.
 */
text: string, 
/**
 * Only these.
 */
fate: Fate | null, 
/**
 * Only those that stay out for this reason.
 */
reason: SkipCode | null, 
/**
 * Only those with several addresses in one field.
 */
severalAddresses: boolean, 
/**
 * The page.
 */
page: Page, };

/**
 * A customer in the dry run.
 */
export type ReviewRow = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Their name.
 */
name: string, 
/**
 * The address they are or would be known by.
 */
email: string | null, 
/**
 * What happens.
 */
fate: Fate, 
/**
 * The status: what a new contact gets, what one in the audience keeps; Mailchimp's other statuses are
 * `null`.
 */
status: MarketingStatus | null, 
/**
 * Whether the status comes from an exception or a rule.
 */
exception: boolean, 
/**
 * Why they stay out.
 */
reason: SkipCode | null, 
/**
 * Whose contact they belong to, when they share one.
 */
contactName: string | null, 
/**
 * Fields that change, with the value before and after.
 */
fields: Array<FieldChange>, 
/**
 * Orders that are sent for them.
 */
orders: number, 
/**
 * What those amount to.
 */
total: Money, };

/**
 * What is wrong with a row.
 */
export type RowProblem = "unknownCustomer" | "severalCustomers" | "unknownStatus" | "groundsMissing" | "unreadable" | "twice";

/**
 * Whom a rule is for.
 */
export type RuleCondition = { "kind": "customerType", 
/**
 * The type's id.
 */
id: string, 
/**
 * Its name, for showing.
 */
name: string, } | { "kind": "country", 
/**
 * Two letters (ISO 3166).
 */
country: string, } | { "kind": "lastSaleBefore", 
/**
 * The date.
 */
date: string, } | { "kind": "lastSaleSince", 
/**
 * The date.
 */
date: string, };

/**
 * What a run was for.
 */
export type RunKind = "sync" | "undo" | "disconnect";

/**
 * A page of runs, newest first.
 */
export type RunPage = { 
/**
 * How many there are.
 */
total: number, 
/**
 * The rows of the page.
 */
rows: Array<RunRow>, 
/**
 * When the first one began.
 */
since: string | null, };

/**
 * Which runs to list.
 */
export type RunQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * The page.
 */
page: Page, };

/**
 * Names one run.
 */
export type RunRef = { 
/**
 * The company.
 */
company: string, 
/**
 * The run.
 */
run: string, };

/**
 * A run.
 */
export type RunRow = { 
/**
 * Its id.
 */
run: string, 
/**
 * What for.
 */
kind: RunKind, 
/**
 * How it stands.
 */
state: RunState, 
/**
 * When it began.
 */
startedAt: string, 
/**
 * When it ended.
 */
finishedAt: string | null, 
/**
 * Changes that were made.
 */
sent: number, 
/**
 * Changes that were refused.
 */
refused: number, 
/**
 * Whether it can be undone.
 */
canUndo: boolean, 
/**
 * The run that took it back.
 */
undoneBy: string | null, 
/**
 * What ended it: the program's own word, for support.
 */
failure: string | null, 
/**
 * What ended it.
 */
error: ErrorCode | null, };

/**
 * How a run stands.
 */
export type RunState = "waits" | "planned" | "unfinished" | "done" | "failed" | "stopped";

/**
 * Saves the changes of a run.
 */
export type SaveChanges = { 
/**
 * Which; its page is ignored.
 */
query: ChangeQuery, 
/**
 * Headings in the window's language: time, what, record, customer, field, before, after, result, why,
 * said by the service. English without them.
 */
headings?: Array<string> | null, 
/**
 * Words for actions, fields, results and reasons, in the window's language; without them the file has
 * the wire's. JSON always has those.
 */
words?: Array<CodeWord> | null, 
/**
 * How.
 */
format: FileFormat, };

/**
 * Saves the contacts that a query finds.
 */
export type SaveContacts = { 
/**
 * Which; its page is ignored.
 */
query: ContactQuery, 
/**
 * Columns, in order.
 */
columns: Array<ContactColumn>, 
/**
 * Their headings, in the window's language; as many as `columns`.
 */
headings: Array<string>, 
/**
 * Words for states, statuses and reasons, in the window's language; without them the file has the
 * wire's. JSON always has those.
 */
words?: Array<CodeWord> | null, 
/**
 * How.
 */
format: FileFormat, };

/**
 * Saves the dry run to a file.
 */
export type SaveReview = { 
/**
 * The company.
 */
company: string, 
/**
 * Headings in the window's language: customer, email, what happens, marketing status, reason, goes
 * under, orders, total. English without them.
 */
headings?: Array<string> | null, 
/**
 * Words for what happens, statuses and reasons, in the window's language; without them the file has
 * the wire's. JSON always has those.
 */
words?: Array<CodeWord> | null, 
/**
 * How.
 */
format: FileFormat, };

/**
 * Changes the choices. The next plan waits for a yes.
 */
export type SaveSettings = { 
/**
 * The company.
 */
company: string, 
/**
 * The choices.
 */
settings: ConnectionSettings, };

/**
 * A file that was written for the owner.
 */
export type Saved = { 
/**
 * Where; nothing when the owner closed the save dialog.
 */
path: string | null, 
/**
 * How many rows it has.
 */
rows: number, };

/**
 * Whom a sync may create.
 */
export type Scope = "everyCustomer" | "onlyExisting";

/**
 * A service.
 */
export type Service = "quickbooks" | "mailchimp";

/**
 * Names a service.
 */
export type ServiceRef = { 
/**
 * Which.
 */
service: Service, };

/**
 * Pauses or resumes the schedule of a company.
 */
export type SetPaused = { 
/**
 * The company.
 */
company: string, 
/**
 * Whether nothing is sent until the owner resumes it.
 */
paused: boolean, };

/**
 * A field on both sides.
 */
export type Side = { 
/**
 * Which.
 */
field: SideField, 
/**
 * In QuickBooks.
 */
quickbooks: string | null, 
/**
 * In Mailchimp.
 */
mailchimp: string | null, 
/**
 * Whether they differ where they should not.
 */
differs: boolean, };

/**
 * A field of the comparison.
 */
export type SideField = "name" | "email" | "address" | "phone";

/**
 * The owner's answers for Mailchimp's sign-up form, and how far they are with it. The password is typed
 * on Mailchimp's page and never here.
 */
export type SignUp = { 
/**
 * The address that Mailchimp writes to.
 */
email: string, 
/**
 * The user name; the address by default.
 */
userName: string, 
/**
 * The person's name.
 */
profileName: string, 
/**
 * The business, shown in every mail.
 */
businessName: string, 
/**
 * Optional.
 */
website: string, 
/**
 * Optional.
 */
phone: string, 
/**
 * Required by law in every mail.
 */
address: PostalAddress, 
/**
 * Steps on Mailchimp's site that are done.
 */
done: Array<SignUpStep>, 
/**
 * When Mailchimp's page was opened.
 */
openedAt: string | null, };

/**
 * A step on Mailchimp's site.
 */
export type SignUpStep = "form" | "activation" | "robot" | "plan" | "details";

/**
 * Why a record stays out.
 */
export type SkipCode = "no_email" | "invalid_email" | "sample_domain" | "role_address" | "project" | "inactive" | "not_in_audience" | "owner_left_alone" | "archived" | "cleaned" | "refused" | "forgotten" | "deleted" | "address_in_use" | "no_customer" | "customer_left_out" | "foreign_currency" | "zero_total" | "voided" | "negative_total" | "unlinked_credit" | "credit_applied" | "kind_off" | "category" | "unreadable" | "contact_closed";

/**
 * A reason with how many customers it keeps out.
 */
export type SkipCodeCount = { 
/**
 * The reason.
 */
code: SkipCode, 
/**
 * How many.
 */
count: number, };

/**
 * How far a company is.
 */
export type Standing = "settingUp" | "connected" | "disconnected";

/**
 * Everything the window needs to draw its first screen.
 */
export type Start = { 
/**
 * Ledgerpost's version.
 */
version: string, 
/**
 * `linux`, `macos` or `windows`.
 */
platform: string, 
/**
 * The owner's preferences.
 */
preferences: Preferences, 
/**
 * Whether this is the demo: made-up company, simulated services.
 */
demo: boolean, 
/**
 * The companies, by name.
 */
companies: Array<CompanySummary>, 
/**
 * The company that was looked at last.
 */
current: string | null, 
/**
 * A set-up that is not finished.
 */
draft: Draft | null, 
/**
 * Whether app keys for QuickBooks are there; without them the owner enters their own.
 */
quickbooksKeys: KeysSource, 
/**
 * Whether app keys for Mailchimp are there.
 */
mailchimpKeys: KeysSource, 
/**
 * Damaged files that were set aside at this start; what they held is read again.
 */
setAside: Array<string>, 
/**
 * Whether *syncing goes on in the tray* was said once.
 */
toldAboutTray: boolean, };

/**
 * Starts a sync.
 */
export type StartSync = { 
/**
 * The company.
 */
company: string, 
/**
 * The owner's yes to a plan that waits ([`crate::review::Review::plan`]); nothing otherwise.
 */
approvedPlan: string | null, };

/**
 * How many new contacts get a status.
 */
export type StatusCount = { 
/**
 * The status.
 */
status: MarketingStatus, 
/**
 * How many.
 */
count: number, };

/**
 * Contacts of an audience by status.
 */
export type StatusCounts = { 
/**
 * Get marketing.
 */
subscribed: number, 
/**
 * Said no.
 */
unsubscribed: number, 
/**
 * In the audience, no marketing.
 */
notSubscribed: number, 
/**
 * Have not confirmed yet.
 */
pending: number, 
/**
 * Bounced.
 */
cleaned: number, 
/**
 * Archived; they do not count toward the plan.
 */
archived: number, };

/**
 * A customer with a status of their own, should they be new in Mailchimp.
 */
export type StatusException = { 
/**
 * The customer's id.
 */
customer: string, 
/**
 * Their name, for showing.
 */
name: string, 
/**
 * Their address, for showing.
 */
email: string | null, 
/**
 * Their status.
 */
status: MarketingStatus, 
/**
 * How the owner knows.
 */
grounds: string, };

/**
 * How many new contacts get which status with some settings.
 */
export type StatusForecast = { 
/**
 * Customers that would be new in the audience.
 */
newContacts: number, 
/**
 * Customers who are in it already and keep their status.
 */
alreadyThere: number, 
/**
 * New ones that become subscribed.
 */
subscribed: number, 
/**
 * New ones that become unsubscribed.
 */
unsubscribed: number, 
/**
 * New ones that become not subscribed.
 */
notSubscribed: number, };

/**
 * A status for a group of customers, should they be new in Mailchimp.
 */
export type StatusRule = { 
/**
 * Whom it is for.
 */
when: RuleCondition, 
/**
 * Their status.
 */
status: MarketingStatus, 
/**
 * How the owner knows; needed for subscribed.
 */
grounds: string, };

/**
 * A step of the wizard, in order.
 */
export type Step = "quickbooks" | "account" | "audience" | "status" | "review" | "sync";

/**
 * What the store in Mailchimp holds.
 */
export type StoreContents = { 
/**
 * Orders, those of later runs too.
 */
orders: number, 
/**
 * Products.
 */
products: number, };

/**
 * A tag with how many contacts have it.
 */
export type TagCount = { 
/**
 * The tag.
 */
tag: string, 
/**
 * How many.
 */
count: number, };

/**
 * What work is for.
 */
export type Task = "signInQuickbooks" | "signInMailchimp" | "readCompany" | "plan" | "sync" | "reconcile" | "previewUndo" | "undo" | "disconnect";

/**
 * Text to check.
 */
export type Text = { 
/**
 * The text.
 */
text: string, };

/**
 * Light or dark.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What can change.
 */
export type Topic = "start" | "home" | "contacts" | "activity";

/**
 * Whether the totals agree.
 */
export type Totals = { 
/**
 * When both sides were compared.
 */
checkedAt: string, 
/**
 * Contacts that are to be in Mailchimp, and that are.
 */
contacts: CountPair, 
/**
 * Products that are to be in Mailchimp, and that are.
 */
products: CountPair, 
/**
 * Invoices as orders.
 */
invoices: MoneyPair, 
/**
 * Sales receipts as orders.
 */
salesReceipts: MoneyPair, 
/**
 * Both together.
 */
orders: MoneyPair, 
/**
 * What explains the difference of `orders`, by reason; adds up to it.
 */
explained: Array<Explained>, 
/**
 * What the next sync sends: the part of the difference that is only not sent yet.
 */
waiting: Money, 
/**
 * What is left unexplained; `0.00` unless something is wrong.
 */
unexplained: Money, 
/**
 * Invoices and sales receipts in QuickBooks that are not to be orders, by reason. Together with
 * `orders` they are everything that QuickBooks has.
 */
leftOut: Array<Explained>, 
/**
 * Everything that QuickBooks has: invoices and sales receipts, less credits that lower them.
 * `books = orders.quickbooks_total + left_out`.
 */
books: CountAndMoney, };

/**
 * What undoing a run would do.
 */
export type UndoPreview = { 
/**
 * The run.
 */
run: string, 
/**
 * What would be done, by kind.
 */
changes: Array<ActionCount>, 
/**
 * What would stay, and why.
 */
kept: Array<KeptCount>, 
/**
 * What would go together with the store, when the run created it.
 */
withStore: StoreContents | null, };

/**
 * Why a record cannot be read.
 */
export type UnreadableCode = "refused" | "tooLarge" | "malformed";

/**
 * A page of them.
 */
export type UnreadablePage = { 
/**
 * How many rows there are in all.
 */
total: number, 
/**
 * The rows of the page.
 */
rows: Array<UnreadableRow>, };

/**
 * Which page of them to list.
 */
export type UnreadableQuery = { 
/**
 * The company.
 */
company: string, 
/**
 * The page.
 */
page: Page, };

/**
 * A record that QuickBooks cannot deliver.
 */
export type UnreadableRow = { 
/**
 * Names the row.
 */
key: string, 
/**
 * Its kind.
 */
kind: RecordKind, 
/**
 * Which one it is, where that is known.
 */
itself: NamedRecord | null, 
/**
 * How many records this stands for: one, unless the search for it was given up.
 */
records: number, 
/**
 * The record of its kind that was entered just before it, where one is known.
 */
before: NamedRecord | null, 
/**
 * The one that was entered just after it.
 */
after: NamedRecord | null, 
/**
 * Why.
 */
why: UnreadableCode, 
/**
 * QuickBooks' words.
 */
detail: string | null, 
/**
 * When it was first met.
 */
since: string, };

/**
 * What closing the window does.
 */
export type WhenClosed = "quit" | "keepSyncing";

/**
 * A failure.
 */
export type WireError = { 
/**
 * What kind.
 */
code: ErrorCode, 
/**
 * The details, in English, for support: no personal data, no token. The window shows its own words
 * first and this under *details*.
 */
message: string, 
/**
 * What the service said to the owner, or which field it is about; in the service's language.
 */
hint: string | null, 
/**
 * When trying again makes sense, in seconds.
 */
retryAfterSeconds: number | null, 
/**
 * The service that was spoken to, where that is known.
 */
service: Service | null, };

/**
 * A piece of work.
 */
export type Work = { 
/**
 * Counts up from 1 since the start of the program.
 */
id: number, 
/**
 * What it is for.
 */
task: Task, 
/**
 * The company, where there is one.
 */
company: string | null, 
/**
 * Whether the schedule began it, not the owner.
 */
byItself: boolean, 
/**
 * When it began.
 */
startedAt: string, 
/**
 * How it stands.
 */
state: WorkState, };

/**
 * How work stands.
 */
export type WorkState = { "kind": "waitingForBrowser", 
/**
 * The address of the service's sign-in page, to open by hand. Holds no secret.
 */
address: string, 
/**
 * Until when an answer is accepted.
 */
until: string, 
/**
 * Whether the browser could not be opened.
 */
noBrowser: boolean, 
/**
 * Set when the text that was pasted is of no use.
 */
pasted: WireError | null, } | { "kind": "finishingSignIn" } | { "kind": "running", 
/**
 * How far.
 */
progress: Progress, } | { "kind": "paused", 
/**
 * How far.
 */
progress: Progress, } | { "kind": "stopping", 
/**
 * How far.
 */
progress: Progress, } | { "kind": "done", 
/**
 * What came of it.
 */
outcome: Outcome, } | { "kind": "stopped" } | { "kind": "failed", 
/**
 * Which.
 */
error: WireError, };

/** Every command: its request and its reply. */
export interface Commands {
  /** What the window needs to draw its first screen. */
  read_start: [Nothing, Start];
  /** Saves the preferences and gives them back as saved. */
  save_preferences: [Preferences, Preferences];
  /** Remembers which company is looked at. */
  choose_company: [CompanyRef, Nothing];
  /** Opens a page in the browser, or a folder. */
  open_link: [Link, Nothing];
  /** Notes that *syncing goes on in the tray* was said. */
  confirm_tray: [Nothing, Nothing];
  /** Starts the demo: made-up company, simulated services, a data folder of its own. */
  start_demo: [Nothing, Start];
  /** Leaves the demo; what it kept is deleted. */
  leave_demo: [Nothing, Start];
  /** Begins to sign in to QuickBooks in the browser. */
  start_quickbooks_sign_in: [Nothing, Nothing];
  /** Begins to sign in to Mailchimp in the browser. */
  start_mailchimp_sign_in: [Nothing, Nothing];
  /** Opens the page of the sign-in under way again. */
  reopen_sign_in: [Nothing, Nothing];
  /** Gives the sign-in under way the address that the browser ended on. */
  paste_sign_in: [PastedAddress, Nothing];
  /** Connects Mailchimp with an API key. */
  connect_api_key: [ApiKey, MailchimpAccount];
  /** The Mailchimp accounts that are signed in, as Mailchimp describes them now. */
  list_accounts: [Nothing, Array<MailchimpAccount>];
  /** Signs out of a Mailchimp account that no connection uses. */
  forget_account: [Text, Nothing];
  /** Begins a set-up, or goes on with the one that is there. */
  begin_setup: [Nothing, Draft];
  /** Saves a set-up as far as it is. */
  save_draft: [Draft, Draft];
  /** Gives up a set-up. A company that was signed in to is signed out unless it is connected. */
  drop_draft: [Nothing, Nothing];
  /** What QuickBooks knows of the company. */
  read_company_details: [CompanyRef, CompanyDetails];
  /** Begins to read QuickBooks, for counts. */
  start_reading_company: [CompanyRef, Nothing];
  /** Whether an address can be used to sign up with Mailchimp. */
  check_email: [Text, EmailCheck];
  /** The audiences of an account. */
  list_audiences: [AudienceQuery, Audiences];
  /** How many new contacts would get which status with the draft's settings. */
  forecast_status: [CompanyRef, StatusForecast];
  /** Customers by name or address. */
  search_customers: [CustomerSearch, Array<CustomerHit>];
  /** Asks for a CSV file of exceptions and reads it; saves nothing. */
  read_exceptions: [CompanyRef, ExceptionsRead];
  /** Begins a dry run: of the draft during set-up, of the connection later. */
  start_plan: [CompanyRef, Nothing];
  /** The dry run that was made last; nothing when there is none. */
  read_review: [CompanyRef, Review | null];
  /** Customers of the dry run. */
  list_review: [ReviewQuery, ReviewPage];
  /** Documents and items of the dry run that stay out. */
  list_not_sent: [NotSentQuery, NotSentPage];
  /** Saves the dry run to a file that the owner chooses. */
  save_review: [SaveReview, Saved];
  /** The yes: ties the company to the audience and begins the first sync. */
  connect: [Connect, Nothing];
  /** How a connection is doing. */
  read_home: [CompanyRef, Home];
  /** Records that QuickBooks cannot deliver. */
  list_unreadable: [UnreadableQuery, UnreadablePage];
  /** Begins a sync. */
  start_sync: [StartSync, Nothing];
  /** Begins to read back and compare. */
  start_reconcile: [CompanyRef, Nothing];
  /** Pauses or resumes the schedule; a sync under way pauses as well. */
  set_paused: [SetPaused, Nothing];
  /** Asks the work under way to stop. */
  stop_work: [Nothing, Nothing];
  /** Contacts. */
  list_contacts: [ContactQuery, ContactPage];
  /** Counts of the tabs and what can be filtered by. */
  read_contact_facets: [CompanyRef, ContactFacets];
  /** Everything about one customer. */
  read_contact: [CustomerRef, ContactDetail];
  /** Leaves a customer alone, or no longer; takes effect with the next sync. */
  leave_alone: [LeaveAlone, Nothing];
  /** Saves contacts to a file that the owner chooses. */
  save_contacts: [SaveContacts, Saved];
  /** Runs. */
  list_runs: [RunQuery, RunPage];
  /** Changes of a run. */
  list_changes: [ChangeQuery, ChangePage];
  /** Saves changes of a run to a file that the owner chooses. */
  save_changes: [SaveChanges, Saved];
  /** Begins to work out what an undo would do. */
  start_undo_preview: [RunRef, Nothing];
  /** Begins an undo. */
  start_undo: [RunRef, Nothing];
  /** What disconnecting would do. */
  preview_disconnect: [CompanyRef, DisconnectPreview];
  /** Begins to disconnect. */
  start_disconnect: [CompanyRef, Nothing];
  /** The settings of a connection. */
  read_settings: [CompanyRef, CompanySettings];
  /** Changes them; the next plan waits for a yes. */
  save_settings: [SaveSettings, CompanySettings];
  /** What the app's keys are and what to register. */
  read_keys_help: [ServiceRef, KeysHelp];
  /** Saves app keys in the keychain. */
  save_keys: [AppKeys, KeysHelp];
  /** Forgets the owner's app keys. */
  forget_keys: [ServiceRef, KeysHelp];
  /** About this program. */
  read_about: [Nothing, About];
  /** Text for support, redacted. */
  read_diagnostics: [Nothing, Diagnostics];
}
