-- create "imported_notes" table
CREATE TABLE `imported_notes` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `import_id` char(36) NOT NULL,
  `source_hash` varchar(64) NOT NULL,
  `content_hash` varchar(64) NOT NULL,
  `note_id` char(36) NOT NULL,
  `version` bigint NOT NULL,
  `version_before` bigint NOT NULL,
  `space_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE INDEX `imported_by_import` (`import_id`, `source_hash`),
  INDEX `imported_by_source` (`space_id`, `source_hash`),
  CONSTRAINT `imported_notes_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "imports" table
CREATE TABLE `imports` (
  `id` char(36) NOT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `user_id` char(36) NOT NULL,
  `kind` varchar(20) NOT NULL,
  `name` varchar(255) NOT NULL,
  `state` varchar(20) NOT NULL,
  `counts` mediumtext NOT NULL,
  `changed_at` datetime(6) NOT NULL,
  `space_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  INDEX `imports_by_age` (`created_at`),
  INDEX `imports_by_state` (`state`, `changed_at`),
  INDEX `imports_in_order` (`space_id`, `id`),
  CONSTRAINT `imports_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
