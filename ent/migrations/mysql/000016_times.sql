-- lint:allow destructive rename copy
-- Times were microseconds since 1970. The time that nothing was believed of yet becomes none.
-- modify "creations" table
ALTER TABLE `creations` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE creations SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `creations` DROP INDEX `creations_by_age`, DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)), ADD INDEX `creations_by_age` (`created_at`);
-- modify "drafts" table
ALTER TABLE `drafts` ADD COLUMN `new_saved_at` datetime(6) NULL;
UPDATE drafts SET new_saved_at = TIMESTAMPADD(MICROSECOND, saved_at, '1970-01-01');
ALTER TABLE `drafts` DROP INDEX `drafts_in_order`, DROP COLUMN `saved_at`, CHANGE COLUMN `new_saved_at` `saved_at` datetime(6) NOT NULL, ADD INDEX `drafts_in_order` (`space_id`, `user_id`, `saved_at`, `draft_key`);
-- modify "files" table
ALTER TABLE `files` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE files SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `files` DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6));
-- modify "leases" table
ALTER TABLE `leases` ADD COLUMN `new_until` datetime(6) NULL;
UPDATE leases SET new_until = TIMESTAMPADD(MICROSECOND, until, '1970-01-01');
ALTER TABLE `leases` DROP COLUMN `until`, CHANGE COLUMN `new_until` `until` datetime(6) NOT NULL;
-- modify "memberships" table
ALTER TABLE `memberships` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE memberships SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `memberships` DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6));
-- modify "note_tags" table
ALTER TABLE `note_tags` ADD COLUMN `new_listed_at` datetime(6) NULL;
UPDATE note_tags SET new_listed_at = TIMESTAMPADD(MICROSECOND, listed_at, '1970-01-01');
ALTER TABLE `note_tags` DROP INDEX `tagged_in_order`, DROP COLUMN `listed_at`, CHANGE COLUMN `new_listed_at` `listed_at` datetime(6) NOT NULL, ADD INDEX `tagged_in_order` (`space_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`);
-- modify "notes" table
ALTER TABLE `notes` ADD COLUMN `new_created_at` datetime(6) NULL, ADD COLUMN `new_updated_at` datetime(6) NULL, ADD COLUMN `new_moved_at` datetime(6) NULL, ADD COLUMN `new_listed_at` datetime(6) NULL;
UPDATE notes SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01'), new_updated_at = TIMESTAMPADD(MICROSECOND, updated_at, '1970-01-01'), new_moved_at = TIMESTAMPADD(MICROSECOND, moved_at, '1970-01-01'), new_listed_at = TIMESTAMPADD(MICROSECOND, listed_at, '1970-01-01');
ALTER TABLE `notes` DROP INDEX `notes_listed`, DROP COLUMN `created_at`, DROP COLUMN `updated_at`, DROP COLUMN `moved_at`, DROP COLUMN `listed_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)), CHANGE COLUMN `new_updated_at` `updated_at` datetime(6) NOT NULL, CHANGE COLUMN `new_moved_at` `moved_at` datetime(6) NOT NULL, CHANGE COLUMN `new_listed_at` `listed_at` datetime(6) NOT NULL, ADD INDEX `notes_listed` (`space_id`, `state`, `pinned`, `listed_at`, `id`);
-- modify "records" table
ALTER TABLE `records` ADD COLUMN `new_created_at` datetime(6) NULL, ADD COLUMN `new_updated_at` datetime(6) NULL;
UPDATE records SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01'), new_updated_at = TIMESTAMPADD(MICROSECOND, updated_at, '1970-01-01');
ALTER TABLE `records` DROP COLUMN `created_at`, DROP COLUMN `updated_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)), CHANGE COLUMN `new_updated_at` `updated_at` datetime(6) NOT NULL;
-- modify "revisions" table
ALTER TABLE `revisions` ADD COLUMN `new_saved_at` datetime(6) NULL;
UPDATE revisions SET new_saved_at = TIMESTAMPADD(MICROSECOND, saved_at, '1970-01-01');
ALTER TABLE `revisions` DROP INDEX `revisions_by_age`, DROP COLUMN `saved_at`, CHANGE COLUMN `new_saved_at` `saved_at` datetime(6) NOT NULL, ADD INDEX `revisions_by_age` (`saved_at`, `note_id`);
-- modify "searches" table
ALTER TABLE `searches` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE searches SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `searches` DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6));
-- modify "sessions" table
ALTER TABLE `sessions` ADD COLUMN `new_created_at` datetime(6) NULL, ADD COLUMN `new_seen_at` datetime(6) NULL;
UPDATE sessions SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01'), new_seen_at = TIMESTAMPADD(MICROSECOND, seen_at, '1970-01-01');
ALTER TABLE `sessions` DROP COLUMN `created_at`, DROP COLUMN `seen_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)), CHANGE COLUMN `new_seen_at` `seen_at` datetime(6) NOT NULL;
-- modify "spaces" table
ALTER TABLE `spaces` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE spaces SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `spaces` DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6));
-- modify "trusts" table
ALTER TABLE `trusts` ADD COLUMN `new_seen_at` datetime(6) NULL, ADD COLUMN `new_believed_at` datetime(6) NULL, ADD COLUMN `new_next_at` datetime(6) NULL;
UPDATE trusts SET new_seen_at = TIMESTAMPADD(MICROSECOND, seen_at, '1970-01-01'), new_believed_at = CASE WHEN believed_at > -62135596800000000 THEN TIMESTAMPADD(MICROSECOND, believed_at, '1970-01-01') END, new_next_at = TIMESTAMPADD(MICROSECOND, next_at, '1970-01-01');
ALTER TABLE `trusts` DROP COLUMN `seen_at`, DROP COLUMN `believed_at`, DROP COLUMN `next_at`, CHANGE COLUMN `new_seen_at` `seen_at` datetime(6) NOT NULL, CHANGE COLUMN `new_believed_at` `believed_at` datetime(6) NULL, CHANGE COLUMN `new_next_at` `next_at` datetime(6) NOT NULL;
-- modify "undos" table
ALTER TABLE `undos` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE undos SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `undos` DROP INDEX `undos_by_age`, DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)), ADD INDEX `undos_by_age` (`created_at`);
-- modify "used_tickets" table
ALTER TABLE `used_tickets` ADD COLUMN `new_used_at` datetime(6) NULL;
UPDATE used_tickets SET new_used_at = TIMESTAMPADD(MICROSECOND, used_at, '1970-01-01');
ALTER TABLE `used_tickets` DROP COLUMN `used_at`, CHANGE COLUMN `new_used_at` `used_at` datetime(6) NOT NULL;
-- modify "users" table
ALTER TABLE `users` ADD COLUMN `new_created_at` datetime(6) NULL;
UPDATE users SET new_created_at = TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01');
ALTER TABLE `users` DROP COLUMN `created_at`, CHANGE COLUMN `new_created_at` `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6));
-- What Ent can't say: the index of full-text search. See mysqlSearch in ent/search_mysql.go. It is copied, as MariaDB finds
-- nothing by an index that is made anew after columns have been exchanged in place.
CREATE TABLE new_note_search (
  note_id char(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  space_id char(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  version bigint NOT NULL,
  terms mediumtext CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB CHARSET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO new_note_search (note_id, space_id, created_at, updated_at, version, terms) SELECT note_id, space_id, TIMESTAMPADD(MICROSECOND, created_at, '1970-01-01'), TIMESTAMPADD(MICROSECOND, updated_at, '1970-01-01'), version, terms FROM note_search;
DROP TABLE note_search;
ALTER TABLE new_note_search RENAME TO note_search, ADD FULLTEXT INDEX note_search_terms (terms), ADD CONSTRAINT note_search_notes FOREIGN KEY (note_id) REFERENCES notes (id) ON DELETE CASCADE;
