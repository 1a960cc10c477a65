-- The indexes that the lists stand on: first what a list is sorted by, down to its unique key; then the area path and
-- what it is filtered by, so that rows of other areas are passed over without a look at them.

create index task_by_due on task (due_at, task_id, area_path, status, kind, level, owner);;
create index task_by_weight on task (weight, task_id, area_path, status, kind, level, owner, due_at);;
create index measure_order_by_end on measure_order (to_day, order_id, area_path, status, measure);;
create index measure_order_by_draft on measure_order (drafted_at, order_id, area_path, status, measure);;
create index dispute_by_due on dispute (due_at, dispute_id, area_path, status, way);;
create index follow_up_by_end on follow_up (to_day, follow_up_id, area_path, status, disease, unit_id);;
create index signal_by_raising on signal (raised_at, signal_id, area_path, status, kind, disease);;
create index case_episode_by_report on case_episode (reported_at, case_id, area_path, disease, classification);;
create index observation_by_instant on observation (observed_at, observation_id, area_path, subject_kind);;
create index exposure_by_rank on exposure (signal_id, rank_no, exposure_id, area_path, status, ring, subject_kind);;
create index exposure_by_weight on exposure (signal_id, weight, exposure_id, area_path, status, ring, subject_kind);;

create index finding_by_due on finding (due_at, finding_id, area_path, status, clause, owner);;

create index batch_by_instant on batch (recorded_at, batch_no, feed, status);;
create index ledger_by_instant on ledger (recorded_at, chain, seq);;
create index ledger_by_actor on ledger (actor, recorded_at, chain, seq);;
