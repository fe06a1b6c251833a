-- create "trusts" table
CREATE TABLE `trusts` (
  `name` varchar(64) NOT NULL,
  `seen_at` bigint NOT NULL,
  `believed_at` bigint NOT NULL,
  `next_at` bigint NOT NULL,
  `ran` bigint NOT NULL,
  PRIMARY KEY (`name`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
