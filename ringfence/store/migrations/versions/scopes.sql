-- Row-level security: a second fence behind the scoped query (policy 6.4), on PostgreSQL alone.
--
-- Whoever reads, reads as `ringfence_reader`, which may write nothing and sees of a table only what lies under the
-- area paths that the setting `ringfence.scope` opens of it: {"task": ["1/11/"], ...}. Without the setting it sees
-- nothing. Acts and migrations run as the owner of the tables, to whom policies do not apply.

-- only postgresql
do $$
begin
    if not exists (select from pg_roles where rolname = 'ringfence_reader') then
        create role ringfence_reader nologin;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another deployment of this server made it meanwhile
end
$$;;

do $$
begin
    if not pg_has_role(current_user, 'ringfence_reader', 'member') then
        grant ringfence_reader to current_user;
    end if;
end
$$;;

grant select on all tables in schema public to ringfence_reader;;

create function open_paths(name text) returns text[] language sql stable as $$
    select array(
        select jsonb_array_elements_text(nullif(current_setting('ringfence.scope', true), '')::jsonb -> name)
    )
$$;;

create function is_open_everywhere(name text) returns boolean language sql stable as $$
    select '' = any (open_paths(name))
$$;;

-- A table whose rows belong to an area. The paths are asked for once a query, in a subquery of their own.

alter table arrival_report enable row level security;;
create policy arrival_report_in_scope on arrival_report for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('arrival_report'))::text[]));;

alter table case_episode enable row level security;;
create policy case_episode_in_scope on case_episode for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('case_episode'))::text[]));;

alter table dispute enable row level security;;
create policy dispute_in_scope on dispute for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('dispute'))::text[]));;

alter table exposure enable row level security;;
create policy exposure_in_scope on exposure for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('exposure'))::text[]));;

alter table finding enable row level security;;
create policy finding_in_scope on finding for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('finding'))::text[]));;

alter table follow_up enable row level security;;
create policy follow_up_in_scope on follow_up for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('follow_up'))::text[]));;

alter table measure_order enable row level security;;
create policy measure_order_in_scope on measure_order for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('measure_order'))::text[]));;

alter table observation enable row level security;;
create policy observation_in_scope on observation for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('observation'))::text[]));;

alter table passage enable row level security;;
create policy passage_in_scope on passage for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('passage'))::text[]));;

alter table sample_pool enable row level security;;
create policy sample_pool_in_scope on sample_pool for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('sample_pool'))::text[]));;

alter table scorecard enable row level security;;
create policy scorecard_in_scope on scorecard for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('scorecard'))::text[]));;

alter table signal enable row level security;;
create policy signal_in_scope on signal for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('signal'))::text[]));;

alter table task enable row level security;;
create policy task_in_scope on task for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('task'))::text[]));;

alter table unit enable row level security;;
create policy unit_in_scope on unit for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('unit'))::text[]));;

alter table user_grant enable row level security;;
create policy user_grant_in_scope on user_grant for select to ringfence_reader
    using (area_path ^@ any ((select open_paths('user_grant'))::text[]));;

-- A table that is reached through others: a row is seen with the row it belongs to.

alter table contact_detail enable row level security;;
create policy contact_detail_with_its_own on contact_detail for select to ringfence_reader
    using (
        (select is_open_everywhere('task'))
        or exists (select from task p where p.task_id = contact_detail.task_id)
    );;

alter table case_other_key enable row level security;;
create policy case_other_key_with_its_own on case_other_key for select to ringfence_reader
    using (
        (select is_open_everywhere('case_episode'))
        or exists (select from case_episode p where p.case_id = case_other_key.case_id)
    );;

alter table case_report enable row level security;;
create policy case_report_with_its_own on case_report for select to ringfence_reader
    using (
        (select is_open_everywhere('case_episode'))
        or exists (select from case_episode p where p.case_id = case_report.case_id)
    );;

alter table corrective_action enable row level security;;
create policy corrective_action_with_its_own on corrective_action for select to ringfence_reader
    using (
        (select is_open_everywhere('finding'))
        or exists (select from finding p where p.finding_id = corrective_action.finding_id)
    );;

alter table exposure_below_cut enable row level security;;
create policy exposure_below_cut_with_its_own on exposure_below_cut for select to ringfence_reader
    using (
        (select is_open_everywhere('signal'))
        or (select is_open_everywhere('unit'))
        or exists (select from signal p where p.signal_id = exposure_below_cut.signal_id)
        or exists (select from unit p where p.unit_id = exposure_below_cut.owner)
    );;

alter table task_basis enable row level security;;
create policy task_basis_with_its_own on task_basis for select to ringfence_reader
    using (
        (select is_open_everywhere('task'))
        or (select is_open_everywhere('exposure'))
        or (select is_open_everywhere('signal'))
        or exists (select from task p where p.task_id = task_basis.task_id)
        or exists (select from exposure p where p.exposure_id = task_basis.exposure_id)
        or exists (select from signal p where p.signal_id = task_basis.signal_id)
    );;

alter table exposure_reason enable row level security;;
create policy exposure_reason_with_its_own on exposure_reason for select to ringfence_reader
    using (
        (select is_open_everywhere('exposure'))
        or (select is_open_everywhere('task'))
        or exists (select from exposure p where p.exposure_id = exposure_reason.exposure_id)
        or exists (select from task_basis p where p.exposure_id = exposure_reason.exposure_id)
    );;

alter table follow_up_day enable row level security;;
create policy follow_up_day_with_its_own on follow_up_day for select to ringfence_reader
    using (
        (select is_open_everywhere('follow_up'))
        or exists (select from follow_up p where p.follow_up_id = follow_up_day.follow_up_id)
    );;

alter table passage_occupant enable row level security;;
create policy passage_occupant_with_its_own on passage_occupant for select to ringfence_reader
    using (
        (select is_open_everywhere('passage'))
        or exists (select from passage p where p.passage_id = passage_occupant.passage_id)
    );;

alter table pool_member enable row level security;;
create policy pool_member_with_its_own on pool_member for select to ringfence_reader
    using (
        (select is_open_everywhere('sample_pool'))
        or exists (select from sample_pool p where p.pool_id = pool_member.pool_id)
    );;

alter table signal_decision enable row level security;;
create policy signal_decision_with_its_own on signal_decision for select to ringfence_reader
    using (
        (select is_open_everywhere('signal'))
        or exists (select from signal p where p.signal_id = signal_decision.signal_id)
    );;

alter table task_attempt enable row level security;;
create policy task_attempt_with_its_own on task_attempt for select to ringfence_reader
    using (
        (select is_open_everywhere('task'))
        or exists (select from task p where p.task_id = task_attempt.task_id)
    );;

create index task_basis_by_exposure on task_basis (exposure_id);; -- the policy of exposure_reason asks by it
-- both
