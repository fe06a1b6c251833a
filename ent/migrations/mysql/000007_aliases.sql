-- create "note_aliases" table
CREATE TABLE `note_aliases` (
  `note_id` char(36) NOT NULL,
  `title_key` varchar(255) NOT NULL,
  `owner_id` char(36) NOT NULL,
  `alias` varchar(255) NOT NULL,
  PRIMARY KEY (`note_id`, `title_key`),
  INDEX `aliases_by_title` (`owner_id`, `title_key`, `note_id`),
  CONSTRAINT `note_aliases_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "note_paths" table
CREATE TABLE `note_paths` (
  `note_id` char(36) NOT NULL,
  `title_key` varchar(255) NOT NULL,
  `whole_key` varchar(255) NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`note_id`, `title_key`, `whole_key`),
  INDEX `paths_by_title` (`owner_id`, `title_key`, `note_id`),
  CONSTRAINT `note_paths_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
