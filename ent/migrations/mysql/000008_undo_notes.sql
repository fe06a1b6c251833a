-- modify "undos" table
ALTER TABLE `undos` ADD COLUMN `rest` mediumtext NOT NULL, ADD COLUMN `steps` bigint NOT NULL;
-- create "undo_notes" table
CREATE TABLE `undo_notes` (
  `undo_id` char(36) NOT NULL,
  `note_id` char(36) NOT NULL,
  `version` bigint NOT NULL,
  `saved` bigint NOT NULL,
  `state` varchar(16) NOT NULL,
  `pinned` bool NOT NULL,
  PRIMARY KEY (`undo_id`, `note_id`),
  CONSTRAINT `undo_notes_undos` FOREIGN KEY (`undo_id`) REFERENCES `undos` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
