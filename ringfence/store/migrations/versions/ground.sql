-- Instants (*_at) are microseconds since 1970-01-01 UTC, days (*_day) local day numbers, area_path the codes from the top.
-- Each statement ends in two semicolons at the end of a line.

-- ------------------------------------------------------------------ store: keys, manifest, inbox, aliases, ledger

create table counter (
    name text primary key,
    next_value bigint not null
);;

create table data_key (
    key_id text primary key,
    used_for text not null,
    wrapped {blob},
    wrapped_by text not null,
    made_at bigint not null,
    destroyed_at bigint,
    check ((wrapped is null) = (destroyed_at is not null))
);;

create table batch (
    batch_no bigint primary key,
    batch_id text not null unique,
    feed text not null,
    department text not null,
    purpose text not null,
    source_digest text not null,
    rows_accepted bigint not null,
    rows_rejected bigint not null,
    status text not null check (status in ('committed', 'withdrawn', 'forgotten')),
    retain_until_day integer,
    received_by text not null,
    recorded_at bigint not null
);;

create index batch_by_feed on batch (feed, recorded_at);;

create table batch_overlap (
    batch_no bigint not null references batch,
    earlier_no bigint not null references batch,
    record_count bigint not null,
    recorded_at bigint not null,
    primary key (batch_no, earlier_no)
);;

create index batch_overlap_by_earlier on batch_overlap (earlier_no);;

create table lake_file (
    path text primary key,
    kind text not null,
    copy text not null,
    day integer,
    batch_no bigint references batch,
    row_count bigint not null,
    byte_count bigint not null,
    recorded_at bigint not null
);;

create index lake_file_by_kind on lake_file (kind, copy, day);;

create table lake_index (
    path text primary key,
    kind text not null,
    copy text not null,
    day integer not null,
    row_count bigint not null,
    byte_count bigint not null,
    recorded_at bigint not null
);;

create index lake_index_by_kind on lake_index (kind, copy, day);;

create table lake_index_source (
    path text not null references lake_index on delete cascade,
    source text not null references lake_file,
    primary key (path, source)
);;

create index lake_index_source_by_source on lake_index_source (source);;

create table vault_part (
    path text primary key,
    content text not null check (content in ('people', 'raw', 'reject', 'evidence')),
    key_id text not null references data_key,
    batch_no bigint references batch,
    first_no bigint,
    last_no bigint,
    row_count bigint not null,
    retain_until_day integer,
    recorded_at bigint not null
);;

create index vault_part_by_content on vault_part (content, first_no);;

create table inbox (
    inbox_no {identity},
    person_no bigint not null,
    key_id text not null references data_key,
    sealed {blob} not null,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create index inbox_by_person on inbox (person_no);;

create table person_alias (
    alias_no {identity},
    kind text not null check (kind in ('provisional', 'merged', 'split')),
    from_no bigint not null,
    to_no bigint not null,
    reason text not null,
    decided_by text not null,
    recorded_at bigint not null,
    undone_by text,
    undone_at bigint,
    check (from_no <> to_no)
);;

create index person_alias_from on person_alias (from_no);;

create table link_review (
    review_no {identity},
    person_no bigint not null,
    candidate_no bigint not null,
    batch_no bigint not null references batch,
    weight double precision,
    margin double precision,
    probability double precision not null,
    model text not null,
    weights text,
    answer text not null check (answer in ('person', 'household', 'review')),
    status text not null check (status in ('open', 'same', 'different')),
    alias_no bigint references person_alias,
    denied_by bigint,
    decided_by text,
    decided_at bigint,
    recorded_at bigint not null,
    unique (person_no, candidate_no)
);;

create table link_denied_line (
    said bigint not null,
    person_no bigint not null,
    candidate_no bigint not null,
    recorded_at bigint not null,
    primary key (said, person_no, candidate_no)
);;

create index link_review_open on link_review (status, probability);;
create index link_review_by_decision on link_review (decided_at, review_no);;
create index link_review_by_candidate on link_review (candidate_no);;

-- Every number that leads to another, and the person it leads to in the end.
create view person_home as
with recursive step as (
    select a.from_no, a.to_no from person_alias a
    where a.alias_no = (select max(b.alias_no) from person_alias b where b.from_no = a.from_no and b.undone_at is null)
),
led as (
    select from_no, to_no from step
    union
    select l.from_no, s.to_no from led l join step s on s.from_no = l.to_no
)
select l.from_no as person_no, l.to_no as home_no from led l
where not exists (select 1 from step s where s.from_no = l.to_no);;

create table ledger (
    chain integer not null,
    seq bigint not null,
    recorded_at bigint not null,
    actor text not null,
    action text not null,
    purpose text not null,
    subject text not null,
    count bigint not null,
    details text not null,
    sealed_ids {blob},
    mac {blob} not null,
    primary key (chain, seq)
);;

create table ledger_head (
    head_no {identity},
    chain integer not null,
    seq bigint not null,
    mac {blob} not null,
    token text not null,
    recorded_at bigint not null
);;

-- only sqlite
create trigger ledger_is_not_changed before update on ledger
begin select raise(abort, 'the ledger is append-only'); end;;

create trigger ledger_is_not_cut before delete on ledger
begin select raise(abort, 'the ledger is append-only'); end;;
-- only postgresql
create function refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'the ledger is append-only'; end $$;;

create trigger ledger_is_not_changed before update or delete or truncate on ledger
for each statement execute function refuse_change();;
-- both

-- ------------------------------------------------------------------ policy and access

create table policy_version (
    version {identity},
    digest text not null,
    body text not null,
    effective_from_at bigint not null,
    approval_id bigint,
    published_by text not null,
    recorded_at bigint not null
);;

create table user_account (
    user_id text primary key,
    password_hash text,
    pin_hash text,
    is_active boolean not null,
    signed_in_at bigint,
    recorded_at bigint not null
);;

create table user_grant (
    grant_id {identity},
    user_id text not null references user_account,
    role text not null,
    area_path {path} not null,
    granted_by text not null,
    recorded_at bigint not null,
    revoked_at bigint,
    revoked_by text
);;

create index user_grant_by_user on user_grant (user_id);;

create table approval (
    approval_id {identity},
    plan_kind text not null,
    plan_digest text not null,
    plan text not null,
    proposed_by text not null,
    proposed_at bigint not null,
    decided_by text,
    decided_at bigint,
    is_approved boolean,
    applied_at bigint,
    recorded_at bigint not null,
    check (decided_by is null or decided_by <> proposed_by)
);;

-- ------------------------------------------------------------------ feeds

create table feed (
    feed_no {identity},
    name text not null,
    declaration text not null,
    declared_by text not null,
    recorded_at bigint not null
);;

create index feed_by_name on feed (name, feed_no);;

create table batch_fill (
    batch_no bigint not null references batch,
    column_name text not null,
    row_count bigint not null,
    empty_count bigint not null,
    unknown_count bigint not null,
    recorded_at bigint not null,
    primary key (batch_no, column_name)
);;

-- ------------------------------------------------------------------ areas

create table area (
    area_code text primary key,
    name text not null,
    level text not null,
    parent_code text not null,
    area_path {path} not null,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create unique index area_by_path on area (area_path);;

create table place (
    place_no bigint primary key,
    place_id text not null unique,
    name text not null,
    kind text not null,
    area_code text not null,
    area_path {path} not null,
    longitude double precision,
    latitude double precision,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create index place_by_path on place (area_path);;

create table trip (
    trip_no bigint primary key,
    kind text not null,
    number text not null,
    departs_day integer not null,
    recorded_at bigint not null,
    unique (kind, number, departs_day)
);;

create table trip_stop (
    trip_no bigint not null references trip,
    stop_no integer not null,
    name text not null,
    area_code text not null,
    arrives_at bigint,
    leaves_at bigint,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null,
    primary key (trip_no, stop_no)
);;

create table member_group (
    group_no bigint primary key,
    kind text not null,
    group_key text not null,
    place_no bigint not null,
    recorded_at bigint not null,
    unique (kind, group_key)
);;

create table sentinel_site (
    site_id text primary key,
    name text not null,
    kind text not null,
    area_code text not null,
    area_path {path} not null,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create table risk_area (
    risk_area_id bigint not null,
    version integer not null,
    disease text not null,
    level text not null,
    from_day integer not null,
    to_day integer,
    area_codes text not null,
    place_ids text not null,
    polygon text not null,
    is_lifted boolean not null,
    approval_id bigint not null references approval,
    published_by text not null,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null,
    primary key (risk_area_id, version)
);;

-- ------------------------------------------------------------------ gate

create table passage (
    passage_id text primary key,
    gate bigint not null references place (place_no),
    lane integer not null,
    passed_at bigint not null,
    day integer not null,
    vehicle text not null,
    trip text not null,
    origin_area text,
    bound_area text,
    standards text not null,
    sheet text not null,
    area_path {path} not null,
    laid_at bigint,
    reported_in bigint,
    registered_by text not null,
    recorded_at bigint not null
);;

create index passage_by_path on passage (area_path, passed_at);;
create index passage_by_time on passage (passed_at);;
create index passage_not_laid on passage (passed_at) where laid_at is null;;
create index passage_not_reported on passage (day) where reported_in is null;;

create table passage_occupant (
    passage_id text not null references passage,
    occupant_no integer not null,
    seat text not null,
    verdict text not null check (verdict in ('admit', 'recheck', 'refuse', 'unreadable')),
    reason text not null,
    next_step text not null,
    sampled_at bigint,
    temperature text not null check (temperature in ('', 'below_limit', 'at_limit')),
    person bigint,
    key_id text references data_key,
    sealed {blob},
    recorded_at bigint not null,
    primary key (passage_id, occupant_no),
    check ((key_id is null) = (sealed is null))
);;

create index passage_occupant_by_person on passage_occupant (person) where person is not null;;
create index passage_occupant_by_key on passage_occupant (key_id) where key_id is not null;;
create index passage_occupant_not_let_through on passage_occupant (passage_id) where verdict <> 'admit';;

create index passage_by_trip on passage (trip, day) where trip <> '';;

-- The lists that terminals fetch, as they were signed; rules are JSON.
create table gate_list (
    kind text not null,
    version bigint not null,
    body text not null,
    issued_at bigint not null,
    published_by text not null,
    recorded_at bigint not null,
    primary key (kind, version)
);;

-- The sums of a gate's arrivals: a line a period, and a further one for what came late, so that lines only add up.
create table arrival_report (
    report_id {identity},
    gate bigint not null references place (place_no),
    from_at bigint not null,
    to_at bigint not null,
    passages integer not null,
    people integer not null,
    admitted integer not null,
    emergencies integer not null,
    not_admitted integer not null,
    late integer not null,
    area_path {path} not null,
    recorded_at bigint not null
);;

create index arrival_report_by_period on arrival_report (from_at, report_id, area_path, gate);;

-- ------------------------------------------------------------------ signals

create table case_episode (
    case_id {identity},
    case_key text unique,
    person_no bigint not null,
    disease text not null,
    episode integer not null,
    classification text not null,
    onset_day integer,
    sampled_at bigint,
    reported_at bigint not null,
    isolated_at bigint,
    is_imported boolean not null,
    withdrawn_at bigint,
    area_path {path} not null,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null,
    unique (person_no, disease, episode)
);;

create index case_episode_by_path on case_episode (area_path);;

-- What other lines of line lists call an episode that has a key already.
create table case_other_key (
    case_key text primary key,
    case_id bigint not null references case_episode,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create table case_report (
    case_id bigint not null references case_episode,
    batch_no bigint not null references batch,
    row_no integer not null,
    recorded_at bigint not null,
    primary key (case_id, batch_no, row_no)
);;

create index case_report_by_batch on case_report (batch_no);;

create table signal (
    signal_id {identity},
    kind text not null,
    subject_kind text not null,
    subject_key text not null,
    disease text not null,
    area_path {path} not null,
    status text not null,
    reason text not null,
    origin text not null unique,
    case_id bigint references case_episode,
    raised_by text not null,
    raised_at bigint not null,
    decided_by text,
    decided_at bigint,
    decision text,
    withdrawn_at bigint,
    responded_at bigint,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create index signal_by_path on signal (area_path, status);;

-- Every decision on a signal; the signal itself says how it was decided, and when it was withdrawn after that.
create table signal_decision (
    signal_id bigint not null references signal,
    decision_no integer not null,
    status text not null,
    reason text not null,
    decided_by text not null,
    decided_at bigint not null,
    primary key (signal_id, decision_no)
);;

create table sample_pool (
    pool_id text primary key,
    status text not null,
    sampled_at bigint not null,
    reported_at bigint,
    resolved_at bigint,
    area_path {path} not null,
    batch_no bigint references batch,
    recorded_at bigint not null
);;

create table pool_member (
    pool_id text not null references sample_pool,
    person_no bigint not null,
    is_held boolean not null,
    result text,
    retested_at bigint,
    batch_no bigint references batch,
    row_no integer not null,
    recorded_at bigint not null,
    primary key (pool_id, person_no)
);;

create index pool_member_by_person on pool_member (person_no);;

create table observation (
    observation_id {identity},
    subject_kind text not null,
    subject_key text not null,
    reason text not null,
    origin text not null unique,
    observed_at bigint not null,
    area_path {path} not null,
    signal_id bigint references signal,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create index observation_by_path on observation (area_path);;

-- ------------------------------------------------------------------ trace

create table exposure (
    exposure_id bigint primary key,
    signal_id bigint not null references signal,
    subject_kind text not null,
    subject_key text not null,
    ring integer not null,
    rank_no integer not null default 0, -- its place in the list of the last dispatch, from 1; 0 if it was on none
    weight double precision not null,
    minutes integer not null,
    first_day integer not null,
    last_day integer not null,
    forward_rules text not null default '', -- of its reasons, sorted and joined by commas: counting must not read those
    backward_rules text not null default '',
    area_path {path} not null,
    is_identified boolean not null,
    status text not null check (status in ('listed', 'below', 'retracted')),
    reason text,
    batch_no bigint references batch,
    recorded_at bigint not null,
    unique (signal_id, subject_kind, subject_key)
);;

create index exposure_by_path on exposure (area_path, signal_id);;
create index exposure_by_subject on exposure (subject_kind, subject_key);;

create table exposure_reason (
    exposure_id bigint not null references exposure,
    reason_no integer not null,
    rule text not null,
    direction text not null check (direction in ('forward', 'backward')),
    source_kind text not null,
    source_key text not null,
    place_no bigint,
    first_at bigint not null,
    last_at bigint not null,
    minutes integer not null,
    distance double precision,
    weight double precision not null,
    reason text not null,
    recorded_at bigint not null,
    primary key (exposure_id, reason_no)
);;

create table exposure_below_cut (
    signal_id bigint not null references signal,
    batch_no bigint not null references batch,
    group_no integer not null,
    owner text,
    found_at bigint not null,
    message_proposed_at bigint,
    row_count bigint not null,
    status text not null check (status in ('counted', 'retracted')),
    recorded_at bigint not null,
    primary key (signal_id, batch_no, group_no)
);;

-- ------------------------------------------------------------------ work

create table unit (
    unit_id text primary key,
    area_code text not null,
    area_path {path} not null,
    level text not null,
    daily_capacity integer not null,
    task_kinds text not null,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null
);;

create index unit_by_path on unit (area_path);;

create table duty (
    unit_id text not null references unit,
    day integer not null,
    from_s integer not null,
    to_s integer not null,
    leader text not null,
    deputy text,
    batch_no bigint references batch,
    row_no integer,
    recorded_at bigint not null,
    primary key (unit_id, day, from_s)
);;

create table task (
    task_id bigint primary key,
    subject_kind text not null,
    subject_key text not null,
    kind text not null,
    owner text not null references unit,
    area_path {path} not null,
    status text not null,
    level text not null,
    weight double precision not null,
    reason text not null,
    opened_at bigint not null,
    due_at bigint not null,
    due_day integer not null,
    acknowledged_by text,
    acknowledged_at bigint,
    ended_by text,
    ended_at bigint,
    outcome text check (outcome in ('reached', 'sampled', 'carried_out')),
    evidence text,
    recorded_at bigint not null,
    check ((status = 'done') = (outcome is not null))
);;

create index task_by_owner on task (owner, status, due_at);;
create index task_by_path on task (area_path, status, due_at);;
create index task_by_subject on task (subject_kind, subject_key);;

create table task_basis (
    task_id bigint not null references task,
    signal_id bigint not null references signal,
    exposure_id bigint references exposure,
    recorded_at bigint not null,
    primary key (task_id, signal_id)
);;

create index task_basis_by_signal on task_basis (signal_id);;

create table task_attempt (
    task_id bigint not null references task,
    attempted_at bigint not null,
    outcome text not null check (outcome in ('unreachable', 'refused', 'moved', 'wrong_person')),
    attempted_by text not null,
    recorded_at bigint not null,
    primary key (task_id, attempted_at)
);;

create table contact_detail (
    task_id bigint primary key references task,
    key_id text not null references data_key,
    sealed {blob} not null,
    recorded_at bigint not null
);;

create table measure_order (
    order_id bigint primary key,
    person_no bigint not null,
    signal_id bigint references signal,
    exposure_id bigint references exposure,
    measure text not null,
    legal_basis text not null,
    reason text not null,
    day_zero integer not null,
    from_day integer not null,
    review_day integer not null,
    to_day integer not null,
    status text not null,
    area_path {path} not null,
    drafted_by text not null,
    drafted_at bigint not null,
    signed_by text,
    signed_at bigint,
    ended_by text,
    ended_at bigint,
    release_told_at bigint,
    list_key text not null default '',
    approval_id bigint references approval,
    meanwhile text,
    suspends_at bigint,
    recorded_at bigint not null
);;

create index measure_order_by_path on measure_order (area_path, status);;
create index measure_order_by_person on measure_order (person_no);;
create index measure_order_by_signal on measure_order (signal_id);;
create index measure_order_by_list on measure_order (list_key);;

create table dispute (
    dispute_id {identity},
    contested_kind text not null check (contested_kind in ('order', 'task')),
    order_id bigint references measure_order,
    task_id bigint references task,
    subject_kind text not null,
    subject_key text not null,
    ground text not null check (ground in ('not_me', 'wrong')),
    way text not null check (way in ('link', 'phone', 'door')),
    area_path {path} not null,
    status text not null check (status in ('raised', 'risen', 'upheld', 'rejected')),
    raised_by text not null,
    raised_at bigint not null,
    due_at bigint not null,
    risen_at bigint,
    answered_by text,
    answered_at bigint,
    recorded_at bigint not null,
    check ((contested_kind = 'order') = (order_id is not null)),
    check ((contested_kind = 'task') = (task_id is not null))
);;

create index dispute_by_path on dispute (area_path, status, due_at);;
create index dispute_by_subject on dispute (subject_kind, subject_key);;
create unique index dispute_of_order on dispute (order_id) where status in ('raised', 'risen');;
create unique index dispute_of_task on dispute (task_id) where status in ('raised', 'risen');;

create table follow_up (
    follow_up_id {identity},
    person_no bigint not null,
    disease text not null,
    ring integer not null,
    day_zero integer not null,
    from_day integer not null,
    to_day integer not null,
    status text not null,
    unit_id text not null references unit,
    merged_into bigint references follow_up, -- the watch of the same person that stands for this one
    area_path {path} not null,
    recorded_at bigint not null,
    unique (person_no, disease)
);;

create index follow_up_by_path on follow_up (area_path, status);;

create table follow_up_day (
    follow_up_id bigint not null references follow_up,
    day integer not null,
    status text not null,
    seen_by text,
    recorded_at bigint not null,
    primary key (follow_up_id, day)
);;

-- ------------------------------------------------------------------ access: units' people, links used once, phones, sessions

create table unit_member (
    unit_id text not null references unit,
    user_id text not null references user_account,
    added_by text not null,
    recorded_at bigint not null,
    removed_at bigint,
    primary key (unit_id, user_id)
);;

create index unit_member_by_user on unit_member (user_id);;

create table access_link (
    link_id {identity},
    token_digest text not null unique,
    user_id text references user_account,
    unit_id text references unit,
    made_by text not null,
    ends_at bigint not null,
    used_at bigint,
    ended_at bigint,
    recorded_at bigint not null,
    check ((user_id is null) <> (unit_id is null))
);;

create index access_link_by_user on access_link (user_id);;

create table unit_device (
    device_id {identity},
    token_digest text not null unique,
    unit_id text not null references unit,
    opened_at bigint not null,
    ends_at bigint not null,
    ended_at bigint,
    recorded_at bigint not null
);;

create index unit_device_by_unit on unit_device (unit_id);;

create table user_session (
    session_id {identity},
    token_digest text not null unique,
    user_id text not null references user_account,
    way text not null,
    device_id bigint references unit_device,
    address_digest text not null,
    idle_us bigint not null,
    opened_at bigint not null,
    seen_at bigint not null,
    ends_at bigint not null,
    ended_at bigint,
    recorded_at bigint not null
);;

create index user_session_by_user on user_session (user_id, address_digest);;
create index user_session_by_device on user_session (device_id);;

create table openid_request (
    state_digest text primary key,
    nonce text not null,
    code_verifier text not null,
    address_digest text not null,
    ends_at bigint not null
);;

create index openid_request_by_address on openid_request (address_digest);;

create table sign_in_throttle (
    bucket text primary key,
    failures integer not null,
    last_failed_at bigint not null
);;

create index sign_in_throttle_by_age on sign_in_throttle (last_failed_at);;

-- ------------------------------------------------------------------ account

create table export_file (
    export_no bigint primary key,
    name text not null,
    digest text not null,
    byte_count bigint not null,
    row_count bigint not null,
    exported_by text not null,
    recorded_at bigint not null
);;

create index export_file_by_size on export_file (byte_count);;

create table finding (
    finding_id {identity},
    finding_key text not null unique,
    subject_kind text not null,
    subject_key text not null,
    clause text not null,
    reason text not null,
    owner text not null,
    area_path {path} not null,
    status text not null,
    opened_at bigint not null,
    due_at bigint not null,
    closed_at bigint,
    recorded_at bigint not null
);;

create index finding_by_path on finding (area_path, status);;

create table corrective_action (
    action_id {identity},
    finding_id bigint not null references finding,
    taken_by text not null,
    taken_at bigint not null,
    proof text not null,
    recorded_at bigint not null
);;

create table target (
    target_id text primary key,
    clause text not null,
    indicator text not null,
    at_least double precision not null,
    due_day integer not null,
    recorded_at bigint not null
);;

create table scorecard (
    day integer not null,
    area_path {path} not null,
    indicator text not null,
    numerator bigint not null,
    denominator bigint not null,
    recorded_at bigint not null,
    primary key (day, area_path, indicator)
);;

-- ------------------------------------------------------------------ api

create table idempotency_key (
    user_id text not null references user_account,
    key text not null,
    request_digest text not null,
    status integer not null,
    body text not null,
    version text not null,
    expires_at bigint not null,
    recorded_at bigint not null,
    primary key (user_id, key)
);;

create index idempotency_key_by_end on idempotency_key (expires_at);;

create table canary (
    person_no bigint primary key,
    planted_by text not null,
    recorded_at bigint not null
);;

create table look_draw (
    week_day integer primary key,
    seed text not null,
    looks bigint not null,
    drawn bigint not null,
    drawn_by text not null,
    recorded_at bigint not null
);;

create table look_review (
    review_id {identity},
    chain integer not null,
    seq bigint not null,
    week_day integer not null references look_draw,
    looked_by text not null,
    looked_at bigint not null,
    action text not null,
    purpose text not null,
    reviewer text,
    reviewed_at bigint,
    is_justified boolean,
    recorded_at bigint not null,
    unique (chain, seq),
    check (reviewer is null or reviewer <> looked_by)
);;

create index look_review_by_answer on look_review (is_justified, review_id);;

create table webhook (
    webhook_id {identity},
    user_id text not null references user_account,
    address text not null,
    events text not null,
    key_id text not null references data_key,
    sealed_secret {blob} not null,
    failures integer not null,
    next_at bigint not null,
    ended_at bigint,
    recorded_at bigint not null
);;

create index webhook_by_user on webhook (user_id);;

create table webhook_place (
    webhook_id bigint not null references webhook,
    chain integer not null,
    seq bigint not null,
    recorded_at bigint not null,
    primary key (webhook_id, chain)
);;
