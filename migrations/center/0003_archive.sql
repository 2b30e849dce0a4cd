ALTER TABLE `lane_progress` ADD `archived_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `lane_progress` ADD `archive_at` integer DEFAULT 0 NOT NULL;